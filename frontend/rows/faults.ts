// Shows what is wrong with the expressions in the text of a box, and where: below it a sentence for each, in
// the order of the text, and the place marked.
import { json } from "../builder/config";
import { setError } from "../builder/field_error";
import { isLed, tellAlways, tellProblems } from "./problems";

interface Fault {
  path: string;
  /** From 1, in characters. */
  column: number;
  message: string;
}

export type Box = HTMLInputElement | HTMLTextAreaElement;

const AROUND = 24;

export function markFaults(): void {
  document.querySelectorAll(".fault").forEach(clear);
  const told = json<{ faults?: Record<string, Fault[]> }>("canvas-state")?.faults ?? {};
  lead();
  const paths = new Set(Object.values(told).flat().map(({ path }) => path));
  for (const form of document.querySelectorAll<HTMLElement>("[data-node]")) {
    const faults = told[form.dataset["node"] ?? ""] ?? [];
    for (const path of paths) mark(form, path, faults.filter((fault) => fault.path === path));
  }
  tellProblems(paths);
}

/** The mark goes as soon as the text is another one. */
export function forgetFault(event: Event): void {
  const box = event.target as Element;
  document.querySelectorAll<HTMLElement>(".fault").forEach((each) => each.dataset["of"] === placeOf(box) && clear(each));
}

function clear(mark: Element): void {
  const box = document.querySelector(`[aria-describedby~="${CSS.escape(mark.id)}"]`);
  box?.setAttribute("aria-describedby", box.getAttribute("aria-describedby")!.replace(mark.id, "").trim());
  box?.removeAttribute("aria-invalid");
  mark.remove();
}

const placeOf = (box: Element): string => (box as Box).name || ((box as HTMLElement).dataset["cell"] ?? "");

function mark(form: HTMLElement, path: string, faults: Fault[]): void {
  const box = faults.length ? boxOf(form, path) : null;
  if (!box || (box === document.activeElement && !isLed(path))) return;
  const parts = faults.flatMap(({ column, message }) => {
    const text = element("pre", pointed(box.value, column));
    text.ariaHidden = "true";
    return [element("span", message), text];
  });
  tellBelow(box, path, ...parts);
}

/** What is wrong with a cell of a row, below it. */
export const tellCell = (box: Box, path: string, message: string): void => tellBelow(box, path, element("span", message));

function tellBelow(box: Box, path: string, ...parts: Node[]): void {
  const place = element("div", "");
  place.className = "fault";
  place.id = `fault-${path}`;
  place.dataset["of"] = placeOf(box);
  place.append(document.querySelector(".field-error > .icon")?.cloneNode(true) ?? "", ...parts);
  (box.closest(".rows-box") ?? box).after(place);
  // What is told here is not told once more where a setting, or all rows, have their place for errors.
  setError(box.closest("[data-rows-editor]")?.querySelector("textarea")!.name ?? path, "");
  box.setAttribute("aria-describedby", `${box.getAttribute("aria-describedby") ?? ""} ${place.id}`.trim());
  box.setAttribute("aria-invalid", "true");
}

function element(tag: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

/** The box of a setting, or of a cell of its rows. */
export function boxOf(form: HTMLElement, path: string): Box | null {
  const own = form.querySelector<Box>(`[name="${CSS.escape(path)}"]`);
  if (own) return own;
  for (const text of form.querySelectorAll<HTMLTextAreaElement>("[data-rows-editor] > textarea")) {
    if (!path.startsWith(`${text.name}.`)) continue;
    const rest = path.slice(text.name.length + 1);
    const dot = rest.lastIndexOf(".");
    const rows = JSON.parse(text.value || "[]") as { id?: string; name?: string }[];
    const key = rest.slice(0, dot);
    const at = rows.findIndex((row, number) => [row.id, row.name, String(number)].includes(key));
    const row = text.parentElement!.querySelectorAll(".rows-row")[at];
    return row?.querySelector<Box>(`[data-cell="${CSS.escape(`${at}.${rest.slice(dot + 1)}`)}"]`) ?? null;
  }
  return null;
}

/** The line of the text around the column, and below it what points there. */
export function pointed(text: string, column: number): string {
  const letters = Array.from(text);
  const start = letters.lastIndexOf("\n", column - 2) + 1;
  const next = letters.indexOf("\n", column - 1);
  const from = Math.max(start, column - 1 - AROUND);
  const line = letters.slice(from, Math.min(next < 0 ? letters.length : next, column - 1 + AROUND));
  const more = from > start ? "…" : "";
  return `${more}${line.join("")}\n${" ".repeat(column - 1 - from + more.length)}^`;
}

/** Somebody came to mend a setting: go there once its form has come, to the place that is at fault. */
function lead(): void {
  const data = document.getElementById("canvas-data");
  const { path, column } = json<{ path?: string; column?: number }>("canvas-data") ?? {};
  if (!data || !path || data.dataset["led"] !== undefined) return;
  const forms = document.querySelectorAll<HTMLElement>("[data-node]");
  const box = [...forms].map((form) => boxOf(form, path)).find((each) => each && each.type !== "hidden");
  if (!box) return;
  data.dataset["led"] = "";
  tellAlways(path);
  box.focus();
  if (!column) return;
  const from = Array.from(box.value).slice(0, column - 1).join("").length;
  const word = /^(?:[\w.[\]]+|.)?/u.exec(box.value.slice(from))?.[0] ?? "";
  box.setSelectionRange(from, from + word.length);
}
