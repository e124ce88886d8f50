// Shows where in the text of a box an expression is at fault: the place marked below it, and in a row,
// whose boxes the server does not know, what is wrong too.
import { json } from "../builder/config";
import { tellAlways, tellProblems } from "./problems";

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
  for (const form of document.querySelectorAll<HTMLElement>("[data-node]")) {
    for (const fault of told[form.dataset["node"] ?? ""] ?? []) mark(form, fault);
  }
  const faults = Object.values(told).flat();
  lead(faults);
  tellProblems(faults.map(({ path }) => path));
}

/** The mark goes as soon as the text is another one. */
export function forgetFault(event: Event): void {
  const box = event.target as Element;
  document.querySelectorAll<HTMLElement>(".fault").forEach((each) => each.dataset["of"] === placeOf(box) && clear(each));
}

function clear(mark: Element): void {
  const box = document.querySelector(`[aria-describedby="${CSS.escape(mark.id)}"]`);
  box?.removeAttribute("aria-describedby");
  box?.removeAttribute("aria-invalid");
  mark.remove();
}

const placeOf = (box: Element): string => (box as Box).name || ((box as HTMLElement).dataset["cell"] ?? "");

function mark(form: HTMLElement, { path, column, message }: Fault): void {
  const box = boxOf(form, path);
  if (!box || box === document.activeElement) return;
  const text = document.createElement("pre");
  text.ariaHidden = "true";
  text.textContent = pointed(box.value, column);
  if (box.closest(".rows-box")) tellCell(form, box, path, message).append(text);
  else box.after(placeFor(box, path, text));
}

function placeFor(box: Box, path: string, ...parts: Node[]): HTMLElement {
  const place = document.createElement("div");
  place.className = "fault";
  place.id = `fault-${path}`;
  place.dataset["of"] = placeOf(box);
  place.append(...parts);
  return place;
}

/** What is wrong with a cell of a row, below it. */
export function tellCell(form: HTMLElement, box: Box, path: string, message: string): HTMLElement {
  const words = document.createElement("span");
  words.textContent = message;
  const place = placeFor(box, path, words);
  box.closest(".rows-box")!.after(place);
  box.setAttribute("aria-describedby", place.id);
  box.setAttribute("aria-invalid", "true");
  const all = form.querySelector<HTMLElement>(`[id="field-${CSS.escape(box.closest("[data-rows-editor]")!.querySelector("textarea")!.name)}_error"]`);
  if (all) all.hidden = true;
  return place;
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
function lead(faults: Fault[]): void {
  const data = document.getElementById("canvas-data");
  const path = json<{ path?: string }>("canvas-data")?.path;
  if (!data || !path || data.dataset["led"] !== undefined) return;
  const forms = document.querySelectorAll<HTMLElement>("[data-node]");
  const box = [...forms].map((form) => boxOf(form, path)).find((each) => each && each.type !== "hidden");
  if (!box) return;
  data.dataset["led"] = "";
  tellAlways(path);
  box.focus();
  const fault = faults.find((each) => each.path === path);
  if (!fault || !("setSelectionRange" in box)) return;
  const letters = Array.from(box.value);
  const from = letters.slice(0, fault.column - 1).join("").length;
  const word = /^(?:[\w.[\]]+|.)?/u.exec(box.value.slice(from))?.[0] ?? "";
  box.setSelectionRange(from, from + word.length);
}
