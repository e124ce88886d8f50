// Keys that work on every page. Single keys only while nobody is writing.
import { openDialog } from "./dialogs";
import { byId, isMac, isWriting } from "./page";
import { openPalette } from "./palette";

function pressed(event: KeyboardEvent): void {
  const mod = event.ctrlKey || event.metaKey;
  const open = document.querySelector("dialog[open]");
  if (mod && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    if (!open) openPalette();
  } else if (event.key === "?" && !mod && !isWriting(event.target) && !open) {
    const list = byId<HTMLDialogElement>("shortcuts");
    if (list) openDialog(list);
  }
}

/** Key caps say Cmd where the key is called so. */
function name(): void {
  if (!isMac()) return;
  for (const key of document.querySelectorAll("[data-mod]")) key.textContent = "⌘";
  for (const key of document.querySelectorAll("[data-mod-k]")) key.textContent = "⌘K";
}

export function shortcuts(): void {
  document.addEventListener("keydown", pressed);
  name();
}
