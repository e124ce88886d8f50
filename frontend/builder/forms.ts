// Listens to the boxes: every change goes into the outbox at once and is saved in its time.
import type { Autosave } from "./autosave";
import { changedBoxes, formOf, isSwitch, listOf, pathOf, read, write } from "./fields";

export function followForms(autosave: Autosave): void {
  const note = (event: Event): string | null => {
    const path = pathOf(event.target);
    const form = path && formOf(event.target as Element);
    if (!path || !form) return null;
    const value = read(form, path);
    autosave.edit(path, value);
    write(path, value, form);
    return path;
  };
  document.addEventListener("input", (event) => {
    if (isSwitch(event.target) || note(event) === null) return;
    if (!renames(event.target)) autosave.pace.typed();
  });
  document.addEventListener("change", (event) => {
    if (isSwitch(event.target)) {
      if (note(event)) autosave.pace.now();
      unfold(event.target as HTMLInputElement);
    } else if (renames(event.target) && pathOf(event.target)) autosave.pace.now();
  });
  // What is done to rows is a step of its own in the draft's history: told before it and after it.
  document.addEventListener("builder:step", () => autosave.flush());
  document.addEventListener("compositionstart", () => autosave.pace.compositionStarted());
  // A composition whose box is taken away has no end of its own.
  for (const name of ["compositionend", "focusin"]) {
    document.addEventListener(name, () => autosave.pace.compositionEnded());
  }
  followSubmits(autosave);
  // What a browser remembers of a form would be taken for an edit; the draft remembers it better.
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-autosave]")) form.autocomplete = "off";
  // What somebody did before this script was there to hear it.
  for (const box of changedBoxes()) {
    for (const name of ["input", "change"]) box.dispatchEvent(new Event(name, { bubbles: true }));
  }
}

/** What is switched on has to be set up. */
function unfold(box: HTMLInputElement): void {
  const fold = box.nextElementSibling as HTMLDetailsElement | null;
  if (fold && box.checked) fold.open = true;
}

/** A box that names an item: half a name is not sent, since fields would be renamed mid-word. */
const renames = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.dataset["rename"] !== undefined;

/** Buttons that work without a script by sending the form: with one, they are operations. */
function followSubmits(autosave: Autosave): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches("[data-autosave]")) return;
    event.preventDefault();
    const submitter = event.submitter as HTMLButtonElement | null;
    const operation = submitter?.name === "_op" ? operationOf(form, submitter.value) : null;
    if (operation) void operate(autosave, form, operation);
    else autosave.flush();
  });
}

function operationOf(form: HTMLFormElement, value: string): Record<string, string> {
  const [verb, path] = value.split(":");
  if (verb !== "add") return { _op: value };
  const chosen = form.querySelector<HTMLSelectElement>(`[name="_add:${CSS.escape(path ?? "")}"]`);
  const given = [...new FormData(form)].filter(([name]) => name.startsWith(`_new:${path}:`));
  return { ...Object.fromEntries(given), _op: chosen?.value ? `${value}:${chosen.value}` : value };
}

async function operate(
  autosave: Autosave,
  form: HTMLFormElement,
  fields: Record<string, string>,
): Promise<void> {
  const [verb, path, key] = (fields["_op"] ?? "").split(":");
  const url = form.dataset["saveUrl"] ?? location.pathname;
  const place = itemsOf(path ?? "").findIndex((item) => item.dataset["item"] === key);
  const state = await autosave.operate(url, fields);
  if (state && verb === "remove") autosave.outbox.drop(`${path}.${key}`);
  if (state?.done.url) void window.htmx.ajax("GET", state.done.url, { target: "#step-panel", swap: "outerHTML", push: "true" });
  else if (state) focusAfter(verb ?? "", path ?? "", place);
}

const itemsOf = (path: string): HTMLElement[] => [...(listOf(path)?.querySelectorAll<HTMLElement>("[data-item]") ?? [])];

/** The focus goes to what was added, its name marked to be typed over; after a removal to the item
 * that took the `place`, or to the one before, or where there is none to where one can be added. */
function focusAfter(verb: string, path: string, place: number): void {
  const items = itemsOf(path);
  const item = verb === "add" ? items.at(-1) : verb === "remove" ? (items[place] ?? items.at(-1)) : undefined;
  const found = ["[data-begins] input", "input, select, textarea", "a"].map((part) => item?.querySelector<HTMLInputElement>(part));
  const box = found.find(Boolean);
  if (box) {
    box.focus({ preventScroll: true });
    if (verb === "add") box.select?.();
    box.scrollIntoView({ block: "nearest" });
  } else if (verb === "remove") listOf(path)?.querySelector<HTMLElement>("[data-add-item]")?.focus();
}
