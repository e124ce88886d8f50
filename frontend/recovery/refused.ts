// Lists what the server refused and the page has no box for, so that nothing can hold up the draft
// and be nowhere: to be read, thrown away, or followed to the step that has its box.
import type { Outbox, Refusal } from "../builder/outbox";

export interface Refused {
  outbox: Outbox;
  /** The addresses of the steps by the fields that they own. */
  steps: Record<string, string>;
  changed(): void;
}

export function listRefused({ outbox, steps, changed }: Refused): void {
  const dialog = document.querySelector<HTMLDialogElement>("#unsaved");
  if (!dialog) return;
  const list = (): void => {
    const entries = Object.entries(outbox.refusals).map(([path, refusal]) => entryOf(dialog, steps, path, refusal));
    dialog.querySelector("[data-unsaved-list]")?.replaceChildren(...entries);
  };
  dialog.onclick = (event) => {
    const entry = (event.target as Element).closest("[data-discard]")?.closest("li");
    if (!entry) return;
    outbox.drop(entry.dataset["path"] ?? "");
    changed();
    list();
    if (!Object.keys(outbox.refusals).length) dialog.close();
  };
  list();
  if (!dialog.open) dialog.showModal();
}

function entryOf(dialog: HTMLDialogElement, steps: Refused["steps"], path: string, refusal: Refusal): Node {
  const entry = dialog.querySelector("template")!.content.firstElementChild!.cloneNode(true) as HTMLElement;
  const { value, message } = refusal;
  entry.dataset["path"] = path;
  entry.querySelector("[data-value]")!.textContent = Array.isArray(value) ? value.join("\n") : String(value);
  entry.querySelector("[data-message]")!.textContent = message;
  const link = entry.querySelector("a")!;
  const step = steps[path.split(".")[0] ?? ""];
  link.hidden = !step || location.pathname === step;
  link.href = `${step}?focus=${encodeURIComponent(path)}`;
  link.setAttribute("hx-get", link.href);
  window.htmx.process(entry);
  return entry;
}
