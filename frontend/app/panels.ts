// Columns that can be folded away, remembered for this browser: [data-panels] holds the state in
// data-<name>="open|closed", any [data-panel-toggle=<name>] turns it.
import { on } from "./page";

const keyOf = (name: string) => `panel:${name}`;

function kept(name: string): string | null {
  try {
    return localStorage.getItem(keyOf(name));
  } catch {
    return null;
  }
}

function keep(name: string, state: string): void {
  try {
    localStorage.setItem(keyOf(name), state);
  } catch {
    // Storage may be forbidden; then the panel is simply open again next time.
  }
}

const screenIsNarrow = matchMedia("(max-width: 63.99rem)");
const narrow = () => screenIsNarrow.matches;

export function setPanel(name: string, state: "open" | "closed"): void {
  document.querySelector<HTMLElement>("[data-panels]")?.setAttribute(`data-${name}`, state);
  for (const button of document.querySelectorAll(`[data-panel-toggle="${name}"][aria-expanded]`)) {
    button.setAttribute("aria-expanded", String(state === "open"));
  }
}

export function togglePanel(name: string): void {
  const panels = document.querySelector<HTMLElement>("[data-panels]");
  const state = panels?.getAttribute(`data-${name}`) ?? (narrow() ? "closed" : "open");
  const next = state === "open" ? "closed" : "open";
  setPanel(name, next);
  if (!narrow()) keep(name, next);
}

/** On a phone the preview is a sheet over the form; Esc leaves it. */
function leaveSheet(event: KeyboardEvent): void {
  if (event.key !== "Escape" || !narrow() || event.defaultPrevented) return;
  const button = document.querySelector<HTMLElement>("[data-panel-toggle=preview][aria-expanded=true]");
  if (!button || document.querySelector("dialog[open], [popover]:popover-open:not(#toasts)")) return;
  setPanel("preview", "closed");
  button.focus();
}

export function panels(): void {
  on("click", "[data-panel-toggle]", (button) => togglePanel(button.dataset.panelToggle ?? ""));
  if (!document.querySelector("[data-panels]")) return;
  document.addEventListener("keydown", leaveSheet);
  fit();
  screenIsNarrow.addEventListener("change", fit);
}

/** Where there is no room for columns they are closed, else as they were left. */
function fit(): void {
  for (const name of ["steps", "preview"]) {
    const there = document.querySelector(`[data-panel-toggle=${name}]`);
    if (there) setPanel(name, narrow() || kept(name) === "closed" ? "closed" : "open");
  }
}
