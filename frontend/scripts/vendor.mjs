// Copies what we serve of other projects into static/: htmx, the Inter font, the icon sprite.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { FRONTEND, STATIC } from "./bundles.mjs";
import { sprite } from "./sprite.mjs";

const read = (path) => readFileSync(join(FRONTEND, "node_modules", path));
const version = (name) => JSON.parse(read(`${name}/package.json`).toString()).version;

/** Every vendored file by its path below static/, with its content. */
export function vendored() {
  const htmx = version("htmx.org");
  const banner = `/* htmx ${htmx}, Zero-Clause BSD: see htmx-LICENSE.txt */\n`;
  const script = read("htmx.org/dist/htmx.min.js").toString();
  return [
    [`vendor/htmx-${htmx}.min.js`, banner + script],
    ["vendor/htmx-LICENSE.txt", read("htmx.org/LICENSE")],
    ["fonts/inter-latin.woff2", read("@fontsource-variable/inter/files/inter-latin-wght-normal.woff2")],
    ["fonts/inter-LICENSE.txt", read("@fontsource-variable/inter/LICENSE")],
    ["icons/sprite.svg", sprite()],
    ["icons/lucide-LICENSE.txt", read("lucide-static/LICENSE")],
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, content] of vendored()) {
    const path = join(STATIC, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    console.log(file);
  }
}
