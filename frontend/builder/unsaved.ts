// Leads to what the server refused: to its box, or where this page has none to a list of it. So
// that nothing can hold up the draft and be nowhere.
import { boxesOf } from "./fields";
import { jump } from "./jump";
import type { Outbox, Refusal } from "./outbox";

export class Unsaved {
  private readonly dialog = document.querySelector<HTMLDialogElement>("#unsaved");

  /** `steps` are the addresses of the steps by the fields that they own. */
  constructor(
    private readonly outbox: Outbox,
    private readonly steps: Record<string, string>,
    private readonly changed: () => void,
  ) {
    this.dialog?.addEventListener("click", (event) => {
      const entry = (event.target as Element).closest("[data-discard]")?.closest("li");
      if (entry) this.discard(entry.dataset["path"] ?? "");
    });
  }

  show(): void {
    const paths = Object.keys(this.outbox.refusals);
    const here = paths.find((path) => boxesOf(path).length);
    if (here) return jump(here);
    this.list();
    if (paths.length && !this.dialog?.open) this.dialog?.showModal();
  }

  private discard(path: string): void {
    this.outbox.drop(path);
    this.changed();
    this.list();
    if (!Object.keys(this.outbox.refusals).length) this.dialog?.close();
  }

  private list(): void {
    const entries = Object.entries(this.outbox.refusals).map(([path, refusal]) => this.entry(path, refusal));
    this.dialog?.querySelector("[data-unsaved-list]")?.replaceChildren(...entries);
  }

  private entry(path: string, { value, message }: Refusal): Node {
    const entry = this.dialog!.querySelector("template")!.content.firstElementChild!.cloneNode(true) as HTMLElement;
    entry.dataset["path"] = path;
    entry.querySelector("[data-value]")!.textContent = Array.isArray(value) ? value.join("\n") : String(value);
    entry.querySelector("[data-message]")!.textContent = message;
    const link = entry.querySelector("a")!;
    const step = this.steps[path.split(".")[0] ?? ""];
    link.hidden = !step || location.pathname === step;
    link.href = `${step}?focus=${encodeURIComponent(path)}`;
    link.setAttribute("hx-get", link.href);
    window.htmx.process(entry);
    return entry;
  }
}
