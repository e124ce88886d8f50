// Writes the built scripts that are committed: `npm run build`, or `npm run build app` for one.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundle, bundles, ROOT } from "./bundles.mjs";

const only = process.argv.slice(2);

for (const each of bundles().filter(({ name }) => !only.length || only.includes(name))) {
  const text = await bundle(each);
  const file = join(ROOT, each.file);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`${each.file}  ${text.length} bytes, ${gzipSync(text, { level: 9 }).length} gzip`);
}
