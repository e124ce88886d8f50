// Copies what we use of other projects into place: htmx, the Inter font, the icon sprite, the licences
// of what the canvas is built with, and axe for the tests.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { FRONTEND, ROOT } from "./bundles.mjs";
import { sprite } from "./sprite.mjs";

const read = (path) => readFileSync(join(FRONTEND, "node_modules", path));
const version = (name) => JSON.parse(read(`${name}/package.json`).toString()).version;

/** The packages that end up in the canvas's script, by way of those it names. */
function within(names, found = new Set()) {
  for (const name of names.filter((each) => !each.startsWith("@types/") && !found.has(each))) {
    found.add(name);
    within(Object.keys(JSON.parse(read(`${name}/package.json`).toString()).dependencies ?? {}), found);
  }
  return [...found].sort();
}

function licences(names) {
  const texts = within(names).map((name) => {
    const file = readdirSync(join(FRONTEND, "node_modules", name)).find((each) => /^licen[cs]e/i.test(each));
    return `${name} ${version(name)}\n\n${read(`${name}/${file}`).toString().trim()}\n`;
  });
  return texts.join(`\n${"-".repeat(72)}\n\n`);
}

/** Every vendored file by its path in the project, with its content. */
export function vendored() {
  const htmx = version("htmx.org");
  const banner = `/* htmx ${htmx}, Zero-Clause BSD: see htmx-LICENSE.txt */\n`;
  const script = read("htmx.org/dist/htmx.min.js").toString();
  return [
    [`static/vendor/htmx-${htmx}.min.js`, banner + script],
    ["static/vendor/htmx-LICENSE.txt", read("htmx.org/LICENSE")],
    ["static/vendor/canvas-LICENSES.txt", licences(["react-dom", "@xyflow/react", "@dagrejs/dagre", "react"])],
    ["static/fonts/inter-latin.woff2", read("@fontsource-variable/inter/files/inter-latin-wght-normal.woff2")],
    ["static/fonts/inter-LICENSE.txt", read("@fontsource-variable/inter/LICENSE")],
    ["static/icons/sprite.svg", sprite()],
    ["static/icons/lucide-LICENSE.txt", read("lucide-static/LICENSE")],
    ["tests/support/vendored/axe.min.js", read("axe-core/axe.min.js")],
    ["tests/support/vendored/axe-LICENSE.txt", read("axe-core/LICENSE")],
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, content] of vendored()) {
    const path = join(ROOT, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    console.log(file);
  }
}
