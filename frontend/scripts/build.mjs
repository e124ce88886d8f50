// Writes the built scripts that are committed: `npm run build`, or `npm run build app` for one.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundles, outputs, ROOT } from "./bundles.mjs";

// What other people's pages load is kept small, and what is loaded for one step: the most that a
// bundle may weigh, gzipped, with its stylesheet.
const LIMITS = { widget: 10 * 1024, launch: 4 * 1024, canvas: 160 * 1024 };
const only = process.argv.slice(2);

for (const each of bundles().filter(({ name }) => !only.length || only.includes(name))) {
  let sum = 0;
  for (const [path, text] of await outputs(each)) {
    const file = join(ROOT, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    const weight = gzipSync(text, { level: 9 }).length;
    console.log(`${path}  ${text.length} bytes, ${weight} gzip`);
    // A map is fetched by nobody but who looks for an error, and what a session brings comes with it.
    if (!path.endsWith(".map") && !path.endsWith("session.css")) sum += weight;
  }
  if (sum > LIMITS[each.name]) {
    console.error(`${each.name} may weigh at most ${LIMITS[each.name]} bytes, and weighs ${sum}.`);
    process.exitCode = 1;
  }
}
