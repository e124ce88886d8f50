// The boxes of the page and the values in them. A box's name is its path in the document; the same
// path may have a box in the step's form and one in the top bar.
import type { Value } from "./outbox";

type Box = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const AUTOSAVED = "[data-autosave]";

const isBox = (element: Element | null): element is Box =>
  element instanceof HTMLInputElement ||
  element instanceof HTMLTextAreaElement ||
  element instanceof HTMLSelectElement;

/** The autosaved form around `element`, if there is one. */
export const formOf = (element: Element): HTMLElement | null =>
  element.closest<HTMLElement>(AUTOSAVED);

/** The path that an input event is about; null when it is none of ours. */
export function pathOf(target: EventTarget | null): string | null {
  if (!(target instanceof Element) || !formOf(target)) return null;
  const list = target.closest<HTMLElement>("[data-list-field]");
  if (list) return list.dataset["listField"] ?? null;
  const name = isBox(target) ? target.name : "";
  return name && !name.startsWith("_") && name !== "csrfmiddlewaretoken" ? name : null;
}

/** Whether a change of this box is complete at once, so that nothing is gained by waiting. */
export function isSwitch(target: EventTarget | null): boolean {
  if (target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && isTick(target);
}

/** Whether text is typed into this element, so that the browser's own undo works there. */
export function isText(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLElement && target.isContentEditable) return true;
  const other = ["checkbox", "radio", "button", "submit", "range", "color", "file", "reset", "image"];
  return target instanceof HTMLInputElement && !other.includes(target.type);
}

// What a swapped-in <noscript> holds is in the page as elements, and is nobody's box.
const named = (root: ParentNode, name: string): Box[] =>
  [...root.querySelectorAll(`[name="${CSS.escape(name)}"]`)]
    .filter(isBox)
    .filter((box) => !box.closest("noscript"));

/** The editor of the list of items at a path. */
export const listOf = (path: string): HTMLElement | null => document.getElementById(`list-${path.replaceAll(".", "-")}`);

const listAt = (root: ParentNode, name: string): HTMLElement | null =>
  root.querySelector(`[data-list-field="${CSS.escape(name)}"]`);

/** The value of the path as the form around `target` shows it. */
export function read(root: ParentNode, name: string): Value {
  const boxes = named(root, name);
  if (listAt(root, name)) return boxes.map((box) => box.value);
  const first = boxes[0];
  if (first instanceof HTMLSelectElement && first.multiple) {
    return [...first.selectedOptions].map((option) => option.value);
  }
  if (!(first instanceof HTMLInputElement)) return first?.value ?? "";
  if (first.type === "radio") return checked(boxes)[0]?.value ?? "";
  if (first.type !== "checkbox") return first.value;
  return isGroup(first) ? checked(boxes).map((box) => box.value) : first.checked;
}

const checked = (boxes: Box[]): Box[] =>
  boxes.filter((box) => box instanceof HTMLInputElement && box.checked);

const isGroup = (box: Box): boolean => box.closest("fieldset[data-group], .choices, .segments") !== null;

const same = (one: Value, other: Value): boolean => JSON.stringify(one) === JSON.stringify(other);

/** A row that was added and is still empty is no entry, and stays. */
const filled = (value: Value): Value => (Array.isArray(value) ? value.filter((text) => text.trim()) : value);

/** The boxes of a path, wherever they are on the page. */
export function boxesOf(name: string): Box[] {
  return [...document.querySelectorAll(AUTOSAVED)].flatMap((form) => named(form, name));
}

/** The boxes that do not show what the page came with. */
export function changedBoxes(): Box[] {
  return [...document.querySelectorAll<Box>("[data-autosave] :is(input, textarea, select)")].filter((box) => {
    // Reset by the browser, which puts values right, and chooses where nothing is chosen.
    const fresh = box.cloneNode(true) as HTMLInputElement;
    const form = document.createElement("form");
    form.append(fresh);
    form.reset();
    return isTick(box) ? (box as HTMLInputElement).checked !== fresh.checked : box.value !== fresh.value;
  });
}

const isTick = (box: Box): boolean => ["checkbox", "radio"].includes(box.type);

/** Show `value` at the path in every form but `except`; whether anything on the page changed. */
export function write(name: string, value: Value, except: Element | null = null): boolean {
  let changed = false;
  for (const form of document.querySelectorAll(AUTOSAVED)) {
    if (form === except || !(named(form, name).length || listAt(form, name))) continue;
    if (same(filled(read(form, name)), filled(value))) continue;
    writeIn(form, name, value);
    changed = true;
  }
  return changed;
}

function writeIn(form: ParentNode, name: string, value: Value): void {
  const list = listAt(form, name);
  if (list) return writeRows(list, name, Array.isArray(value) ? value : []);
  for (const box of named(form, name)) {
    if (box instanceof HTMLSelectElement) select(box, value);
    else if (box instanceof HTMLInputElement && isTick(box)) {
      box.checked = Array.isArray(value) ? value.includes(box.value) : tick(box, value);
    } else writeText(box, String(value));
    box.dispatchEvent(new CustomEvent("builder:written", { bubbles: true }));
  }
}

const tick = (box: HTMLInputElement, value: string | boolean): boolean =>
  box.type === "radio" ? box.value === value : Boolean(value);

function select(box: HTMLSelectElement, value: Value): void {
  const wanted = Array.isArray(value) ? value : [String(value)];
  for (const option of box.options) option.selected = wanted.includes(option.value);
}

/** Sets a text without moving the caret of a focused box or the scroll position of a long one. */
function writeText(box: HTMLInputElement | HTMLTextAreaElement, value: string): void {
  const focused = document.activeElement === box;
  const [start, end, top] = [box.selectionStart, box.selectionEnd, box.scrollTop];
  box.value = value;
  if (!focused || start === null) return;
  box.setSelectionRange(start, end);
  box.scrollTop = top;
}

/** A list of plain rows is rebuilt from its template when the number of rows differs. */
function writeRows(list: HTMLElement, name: string, values: string[]): void {
  const rows = list.querySelector("[data-rows]");
  const template = list.querySelector("template");
  if (!rows || !template) return;
  while (rows.children.length > values.length) rows.lastElementChild?.remove();
  while (rows.children.length < values.length) rows.append(template.content.cloneNode(true));
  named(rows, name).forEach((box, i) => {
    if (box.value !== values[i]) box.value = values[i] ?? "";
  });
}
