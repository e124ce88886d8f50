// Rows of a list editor: add, remove, move with buttons. Each change fires `input` and `change`
// on the list, so whoever saves the form notices.
import { on } from "./page";

const listOf = (inside: HTMLElement) => inside.closest<HTMLElement>("[data-list-editor]")!;
const rowsOf = (list: HTMLElement) => list.querySelector<HTMLElement>("[data-rows]")!;

function renumber(list: HTMLElement): void {
  const rows = [...rowsOf(list).children];
  rows.forEach((row, index) => {
    for (const input of row.querySelectorAll<HTMLElement>("[data-label]")) {
      input.setAttribute("aria-label", `${input.dataset.label} ${index + 1}`);
    }
    row.querySelector("[data-move=up]")?.toggleAttribute("disabled", index === 0);
    row.querySelector("[data-move=down]")?.toggleAttribute("disabled", index === rows.length - 1);
  });
  const most = Number(list.dataset.max ?? Infinity);
  list.querySelector("[data-add]")?.toggleAttribute("disabled", rows.length >= most);
}

function changed(list: HTMLElement): void {
  renumber(list);
  for (const type of ["builder:step", "input", "change", "builder:step"]) rowsOf(list).dispatchEvent(new Event(type, { bubbles: true }));
}

function add(button: HTMLElement): void {
  const list = listOf(button);
  const row = list.querySelector("template")!.content.firstElementChild!.cloneNode(true) as HTMLElement;
  rowsOf(list).append(row);
  renumber(list);
  row.querySelector<HTMLElement>("input, textarea, select")?.focus();
}

function remove(button: HTMLElement): void {
  const list = listOf(button);
  const row = button.closest<HTMLElement>("[data-row]")!;
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  changed(list);
  const focus = next?.querySelector<HTMLElement>("[data-remove]") ?? list.querySelector("[data-add]");
  (focus as HTMLElement | null)?.focus();
}

function move(button: HTMLElement): void {
  const row = button.closest<HTMLElement>("[data-row]")!;
  const up = button.dataset.move === "up";
  const other = up ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (up) other.before(row);
  else other.after(row);
  changed(listOf(button));
  const back = row.querySelector<HTMLElement>(`[data-move=${up ? "down" : "up"}]`);
  (button.hasAttribute("disabled") ? back : button)?.focus();
}

export function listEditors(): void {
  on("click", "[data-list-editor] [data-add]", add);
  on("click", "[data-list-editor] [data-remove]", remove);
  on("click", "[data-list-editor] [data-move]", move);
}

/** The first and the last row know that they cannot go further. */
export function dressLists(root: ParentNode): void {
  root.querySelectorAll<HTMLElement>("[data-list-editor]").forEach(renumber);
}
