// Fails when a committed script or vendored file differs from what its sources give now.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { bundles, outputs, ROOT } from "./bundles.mjs";
import { vendored } from "./vendor.mjs";

const stale = [];
const compare = (file, fresh) => {
  const path = join(ROOT, file);
  if (!existsSync(path) || !readFileSync(path).equals(Buffer.from(fresh))) stale.push(file);
};

for (const each of bundles()) {
  for (const [file, fresh] of await outputs(each)) compare(file, fresh);
}
for (const [file, content] of vendored()) compare(file, content);

if (stale.length) {
  console.error(`Out of date, run "npm run build" and "npm run vendor":\n  ${stale.join("\n  ")}`);
  process.exit(1);
}
console.log("The committed files are what their sources give.");
