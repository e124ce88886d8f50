// Every frontend/<name>/index.ts becomes one script; the widget lives apart because it is public.
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

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

/** Build one bundle and give back its text, the same on every machine. */
export async function bundle({ name, entry }) {
  const result = await build({
    entryPoints: [entry],
    absWorkingDir: FRONTEND,
    bundle: true,
    write: false,
    minify: true,
    charset: "utf8",
    legalComments: "none",
    format: "iife",
    target: name === "widget" ? "es2020" : "es2022",
    loader: { ".css": "text", ".svg": "text" },
  });
  return result.outputFiles[0].text;
}
