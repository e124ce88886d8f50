// Leaving the page: save at once, keep the rest in this browser, and ask only while dirty.
import type { Autosave } from "./autosave";
import type { Keeper } from "./storage";
import { sendLast } from "./transport";

export function guardLeaving(autosave: Autosave, keeper: Keeper): void {
  const { outbox } = autosave;
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && outbox.dirty) autosave.flush();
  });
  addEventListener("pagehide", () => {
    autosave.sendLast(sendLast);
    keeper.closed = true;
    keeper.keep(outbox.contents);
  });
  addEventListener("pageshow", (event) => {
    keeper.closed = false;
    if (event.persisted && outbox.dirty) location.reload();
  });
  addEventListener("beforeunload", (event) => {
    if (outbox.dirty) event.preventDefault();
  });
}
