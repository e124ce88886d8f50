// Writes the built scripts that are committed: `npm run build`, or `npm run build app` for one.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundle, bundles, ROOT } from "./bundles.mjs";

// What other people's pages load is kept small: the most that a script may weigh, gzipped.
const LIMITS = { widget: 10 * 1024 };
const only = process.argv.slice(2);

for (const each of bundles().filter(({ name }) => !only.length || only.includes(name))) {
  const text = await bundle(each);
  const file = join(ROOT, each.file);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const weight = gzipSync(text, { level: 9 }).length;
  console.log(`${each.file}  ${text.length} bytes, ${weight} gzip`);
  if (weight > LIMITS[each.name]) {
    console.error(`${each.file} may weigh at most ${LIMITS[each.name]} bytes.`);
    process.exitCode = 1;
  }
}
