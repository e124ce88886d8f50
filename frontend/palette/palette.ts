// Everything there is to go to. The rail and side navigation are always in it, and the server
// finds more at the address in [data-find] ({"results": [{label, url, icon, note}]}).
import { openDialog } from "../app/dialogs";
import { best, type Entry } from "./find";
import { byId, on } from "../app/page";

const LINKS = [".builder-steps a[href]", ".rail-nav a[href]", ".side-nav a[href]", "#workspace-menu a[href]"];

let found: Entry[] = [];
let chosen = 0;
let asked = 0;

function iconOf(link: Element): string {
  return link.querySelector("use")?.getAttribute("href")?.split("#")[1] ?? "arrow-right";
}

function labelOf(item: Element): string {
  return (item.querySelector("span:not(.avatar)") ?? item).textContent?.trim() ?? "";
}

function linked(): Entry[] {
  const links = LINKS.flatMap((each) => [...document.querySelectorAll<HTMLAnchorElement>(each)]);
  return links.map((link) => ({
    label: labelOf(link),
    url: link.href,
    icon: iconOf(link),
  }));
}

function commands(): Entry[] {
  return [...document.querySelectorAll<HTMLElement>("[data-set-theme], [data-opens=shortcuts]")].map((item) => ({
    label: item.dataset.paletteLabel ?? labelOf(item),
    icon: iconOf(item),
    run: () => item.click(),
  }));
}

async function remote(query: string): Promise<Entry[]> {
  const find = document.querySelector<HTMLElement>("[data-find]")?.dataset.find;
  if (!find || !query.trim()) return [];
  const answer = await fetch(`${find}?q=${encodeURIComponent(query)}`, { credentials: "same-origin" });
  return answer.ok ? ((await answer.json()) as { results: Entry[] }).results : [];
}

function option(entry: Entry, index: number): HTMLElement {
  const row = document.createElement("div");
  row.id = `palette-option-${index}`;
  row.setAttribute("role", "option");
  row.dataset.index = String(index);
  const icon = document.querySelector("#palette .icon")!.cloneNode(true) as SVGElement;
  icon.removeAttribute("data-size");
  const use = icon.querySelector("use")!;
  use.setAttribute("href", use.getAttribute("href")!.replace(/#.*/, `#${entry.icon ?? "arrow-right"}`));
  const label = document.createElement("span");
  label.className = "truncate";
  label.textContent = entry.label;
  row.append(icon, label);
  if (entry.note) {
    const note = document.createElement("span");
    note.className = "menu-note";
    note.textContent = entry.note;
    row.append(note);
  }
  return row;
}

function choose(dialog: HTMLDialogElement, index: number): void {
  const rows = [...dialog.querySelectorAll<HTMLElement>("[role=option]")];
  chosen = rows.length ? (index + rows.length) % rows.length : 0;
  rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === chosen)));
  const row = rows[chosen];
  dialog.querySelector("input")!.setAttribute("aria-activedescendant", row?.id ?? "");
  row?.scrollIntoView({ block: "nearest" });
}

function list(dialog: HTMLDialogElement, entries: Entry[]): void {
  found = entries;
  dialog.querySelector("[role=listbox]")!.replaceChildren(...entries.map(option));
  dialog.querySelector<HTMLElement>(".palette-none")!.hidden = entries.length > 0;
  choose(dialog, 0);
}

async function look(dialog: HTMLDialogElement, query: string): Promise<void> {
  const turn = ++asked;
  const local = best(query, [...linked(), ...commands()]);
  list(dialog, local);
  const more = await remote(query).catch(() => []);
  if (turn === asked && more.length) list(dialog, best("", [...local, ...more]));
}

function go(dialog: HTMLDialogElement, index: number): void {
  const entry = found[index];
  if (!entry) return;
  dialog.close();
  if (entry.run) entry.run();
  else if (entry.url) location.assign(entry.url);
}

export function openPalette(): void {
  const dialog = byId<HTMLDialogElement>("palette");
  if (!dialog || dialog.open) return;
  const input = dialog.querySelector("input")!;
  input.value = "";
  openDialog(dialog);
  input.focus();
  void look(dialog, "");
}

function keyed(dialog: HTMLDialogElement, event: KeyboardEvent): void {
  const moves: Record<string, number> = { ArrowDown: chosen + 1, ArrowUp: chosen - 1 };
  const to = moves[event.key];
  if (to !== undefined) choose(dialog, to);
  else if (event.key === "Enter") go(dialog, chosen);
  else return;
  event.preventDefault();
}

export function palette(): void {
  const dialog = byId<HTMLDialogElement>("palette");
  if (!dialog) return;
  const input = dialog.querySelector("input")!;
  input.addEventListener("input", () => void look(dialog, input.value));
  input.addEventListener("keydown", (event) => keyed(dialog, event));
  on("click", "#palette [role=option]", (row) => go(dialog, Number(row.dataset.index)));
}
