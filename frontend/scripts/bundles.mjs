// Every frontend/<name>/index.ts becomes one script; the widget's live apart because they are public.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { minify } from "terser";

export const FRONTEND = dirname(dirname(fileURLToPath(import.meta.url)));
export const ROOT = dirname(FRONTEND);

// What stands on other people's pages.
const PUBLIC = ["widget", "launch"];
const target = (name) => `static/${PUBLIC.includes(name) ? "widget" : "js"}/${name}.js`;

/** The bundles there are: `{ name, entry, file }`, `file` relative to the project. */
export function bundles() {
  return readdirSync(FRONTEND)
    .sort()
    .map((name) => ({ name, entry: join(FRONTEND, name, "index.ts"), file: target(name) }))
    .filter(({ entry }) => existsSync(entry));
}

// Mostly other people's code, so its errors are read with a map; its styles are a file of their own.
const WITH_MAP = ["canvas"];
const WITH_STYLES = ["canvas"];

// Styles that the server sends with a session: of the widget's script they are no part.
const SENT = { widget: ["session.css", "static/widget/session.css"] };

/** All that is written for a bundle: `[file, text]` pairs, the script first. */
export async function outputs({ name, entry, file }) {
  const { script, map } = await bundle({ name, entry, file });
  const files = [[file, script]];
  if (map) files.push([`${file}.map`, map]);
  if (WITH_STYLES.includes(name)) files.push([`static/css/${name}.css`, await stylesheet(join(FRONTEND, name, "styles.css"))]);
  const [sent, place] = SENT[name] ?? [];
  if (sent) files.push([place, await stylesheet(join(FRONTEND, name, sent))]);
  return files;
}

async function stylesheet(entry) {
  const result = await build({ entryPoints: [entry], absWorkingDir: FRONTEND, bundle: true, write: false, minify: true, charset: "utf8", legalComments: "none", target: "es2022" });
  return result.outputFiles[0].text;
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

// What only a bundle's own modules call so: not the server, the storage, the DOM or a text's name.
const OF_WIDGET = [
  ...["shadow", "whole", "launcher", "panel", "badge", "avatar", "live", "go", "composer", "passing"],
  ...["stopper", "said", "told", "kept", "opening", "isOpen", "inline", "followUps", "hear", "recall"],
  ...["life", "who", "base", "say", "config", "accepted", "opener", "next", "sheet", "listening", "log", "form", "leave"],
];

const OF_BUILDER = [
  ...["failedOperation", "giveUpOperations", "showRefusals", "compositionStarted", "compositionEnded"],
  ...["unsavedPaths", "tellOnceLeft", "stepShown", "speakSoon", "sendLast", "refusedWhole"],
  ...["refreshFrame", "operationFailed", "createItem", "fetchChanges", "acknowledged", "conflicted", "inConflict"],
  ...["takeOver", "synced", "recovered", "retryTimer", "retryAt", "pumping", "accepted", "deliver", "perform"],
  ...["operations", "failures", "lastSpoken", "arrived", "judge", "postOf", "catchUp", "catching", "notSaved"],
  ...["trouble", "indicator", "transport", "autosave", "answered", "reloadList", "unsaid", "sending"],
  ...["saveUrl", "showRefused", "orphans", "wanted", "composing", "schedule", "savedAt"],
];
const OWN = { widget: OF_WIDGET, builder: OF_BUILDER };

// In the place of what React Flow brings for more than is asked of it here: fading of colours and forms, and what
// older versions of React lack.
const LESS = {
  "d3-color": "./canvas/tweens.ts",
  "d3-interpolate": "./canvas/tweens.ts",
  "use-sync-external-store/shim/with-selector.js": "use-sync-external-store/with-selector.js",
};

/** Minified further than esbuild does: a first visit to the builder takes at most 30 KB of scripts. */
async function smallest(text, map, file) {
  const { code, map: whole } = await minify(text, {
    ecma: 2022,
    // Functions of objects become methods: nobody makes anything of one by `new`.
    compress: { passes: 2, unsafe_methods: true },
    ...(map && { sourceMap: { content: map, includeSources: true, filename: basename(file), url: `${basename(file)}.map` } }),
  });
  return { script: code, ...(whole && { map: told(whole, file) }) };
}

/** The map with paths as they are from the script, and with the texts of our own sources alone. */
function told(text, file) {
  const map = JSON.parse(text);
  const from = dirname(join(ROOT, file));
  const own = (source) => !source.includes("node_modules");
  map.sourcesContent = map.sources.map((source, i) => (own(source) ? map.sourcesContent[i] : null));
  map.sources = map.sources.map((source) => relative(from, join(FRONTEND, source)));
  return `${JSON.stringify(map)}\n`;
}

/** Build one bundle, the same on every machine: `{ script, map }`. */
async function bundle({ name, entry, file }) {
  const mapped = WITH_MAP.includes(name);
  const result = await build({
    entryPoints: [entry],
    absWorkingDir: FRONTEND,
    // A place to count the map's paths from; nothing is written.
    outfile: join(FRONTEND, `${name}.js`),
    sourcemap: mapped && "external",
    bundle: true,
    // The map names packages by where they are used from, also where `node_modules` is a link.
    preserveSymlinks: true,
    write: false,
    minify: true,
    ...(OWN[name] && { mangleProps: new RegExp(`^(${OWN[name].join("|")})$`) }),
    define: { "process.env.NODE_ENV": '"production"' },
    alias: LESS,
    charset: "utf8",
    legalComments: "none",
    format: "iife",
    target: "es2022",
    loader: { ".svg": "text" },
    plugins: [styles],
  });
  const texts = Object.fromEntries(result.outputFiles.map(({ path, text }) => [path.endsWith(".map") ? "map" : "script", text]));
  return smallest(texts.script, texts.map, file);
}
