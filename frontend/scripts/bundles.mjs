// Every frontend/<name>/index.ts becomes one script; the widget lives apart because it is public.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { minify } from "terser";

export const FRONTEND = dirname(dirname(fileURLToPath(import.meta.url)));
export const ROOT = dirname(FRONTEND);

const target = (name) => `static/${name === "widget" ? "widget/widget" : `js/${name}`}.js`;

/** The bundles there are: `{ name, entry, file }`, `file` relative to the project. */
export function bundles() {
  return readdirSync(FRONTEND)
    .sort()
    .map((name) => ({ name, entry: join(FRONTEND, name, "index.ts"), file: target(name) }))
    .filter(({ entry }) => existsSync(entry));
}

/** A stylesheet that a script imports is its text, minified too. */
const styles = {
  name: "styles",
  setup(building) {
    building.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), { loader: "css", minify: true });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

// What only the widget's own modules call so: not the server, the storage, the DOM or a text's name.
const OWN = [
  ...["shadow", "whole", "launcher", "panel", "badge", "avatar", "live", "go", "composer", "passing"],
  ...["stopper", "said", "told", "kept", "opening", "isOpen", "inline", "followUps", "hear", "recall"],
  ...["life", "who", "base", "say", "config", "accepted", "opener", "next"],
];

/** Minified further than esbuild does: a first visit to the builder takes at most 30 KB of scripts. */
async function smallest(text) {
  const { code } = await minify(text, { ecma: 2022, compress: { passes: 2 } });
  return code;
}

/** Build one bundle and give back its text, the same on every machine. */
export async function bundle({ name, entry }) {
  const result = await build({
    entryPoints: [entry],
    absWorkingDir: FRONTEND,
    bundle: true,
    write: false,
    minify: true,
    ...(name === "widget" && { mangleProps: new RegExp(`^(${OWN.join("|")})$`) }),
    charset: "utf8",
    legalComments: "none",
    format: "iife",
    target: "es2022",
    loader: { ".svg": "text" },
    plugins: [styles],
  });
  return smallest(result.outputFiles[0].text);
}
