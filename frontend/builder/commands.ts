// Buttons and links of the page that concern the whole draft.
import type { Autosave } from "./autosave";

export interface Commands {
  undo(): void;
  redo(): void;
  restore(url: string, version: string): void;
  unsaved(): void;
  showRefused(): void;
  catchUp(): void;
}

/** Fold a side column away, or show it: the button that does it knows how. */
export function toggle(panel: "steps" | "preview"): void {
  document.querySelector<HTMLElement>(`[data-panel-toggle="${panel}"]`)?.click();
}

export function followCommands(autosave: Autosave, commands: Commands): void {
  document.addEventListener("click", (event) => {
    const on = (selector: string): HTMLElement | null =>
      (event.target as Element).closest<HTMLElement>(selector);
    if (on("[data-retry]")) autosave.flush();
    if (on("[data-show-refused]")) commands.showRefused();
    const command = on("[data-undo]") ? commands.undo : on("[data-redo]") ? commands.redo : null;
    const waiting = on("[data-waits-for-save]");
    if (!command && !waiting) return;
    event.preventDefault();
    command?.();
    if (waiting) void whenSaved(autosave, waiting, commands);
  });
  followRestoring(commands);
  followEnding(autosave, commands);
}

/** What is deployed is what is saved: wait for the server's word before asking. */
async function whenSaved(autosave: Autosave, element: HTMLElement, commands: Commands): Promise<void> {
  if (await autosave.saved()) element.dispatchEvent(new Event("builder:ready"));
  else commands.unsaved();
}

function followRestoring(commands: Commands): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const version = form.dataset["restores"];
    if (!version) return;
    event.preventDefault();
    form.closest("dialog")?.close();
    commands.restore(form.action, version);
  });
}

interface Ended extends Event {
  detail: { ctx: { sourceElement: Element; response?: { status: number } } };
}

/** A draft that is deployed or removed from here is not missed: the page is about to leave. */
function followEnding(autosave: Autosave, commands: Commands): void {
  const ends = (event: Event): boolean =>
    (event as Ended).detail.ctx.sourceElement.matches("[data-abandon], [data-deploy]");
  document.addEventListener("htmx:before:request", (event) => {
    if (ends(event)) autosave.ending = true;
  });
  document.addEventListener("htmx:finally:request", (event) => {
    if (!ends(event)) return;
    autosave.ending = (event as Ended).detail.ctx.response?.status === 204;
    if (autosave.ending) autosave.outbox.clear();
    else commands.catchUp();
  });
}
