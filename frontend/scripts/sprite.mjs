// One SVG sprite of the Lucide icons named in icons.txt; their stroke is set in icon.css.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FRONTEND } from "./bundles.mjs";

const names = () =>
  readFileSync(join(FRONTEND, "scripts/icons.txt"), "utf8").split("\n").filter(Boolean).sort();

function symbol(name) {
  const file = join(FRONTEND, "node_modules/lucide-static/icons", `${name}.svg`);
  const svg = readFileSync(file, "utf8").replace(/<!--.*?-->/gs, "");
  const shapes = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace("</svg>", "");
  return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s*\n\s*/g, "")}</symbol>`;
}

/** The text of static/icons/sprite.svg. */
export function sprite() {
  const note = "<!-- Lucide icons, ISC licence: see lucide-LICENSE.txt -->";
  return `<svg xmlns="http://www.w3.org/2000/svg">${note}\n${names().map(symbol).join("\n")}\n</svg>\n`;
}
