// Hands changes to the builder's autosave: a box per path inside the form, whose name is the path.
// Knows no server; what becomes of a change comes back as any other change does.
import type { Change } from "./types";

export class Outgoing {
  /** `lead` shows the node or edge of a path: the builder leads to a box by focusing it. */
  constructor(
    private readonly place: HTMLElement,
    private readonly lead: (path: string) => void,
  ) {}

  /** With `complete` nothing is gained by waiting for more, and it is saved at once. */
  send(changes: Change[], complete: boolean): void {
    const boxes = changes.map(([path, value]) => this.box(path, value, complete));
    for (const box of boxes) box.dispatchEvent(new Event("input", { bubbles: true }));
    if (complete) boxes.at(-1)?.dispatchEvent(new Event("change", { bubbles: true }));
    // The box of what is gone would say so of the next one with its name.
    for (const box of boxes) if (!box.value) box.remove();
  }

  /** The value in the box of `path`: the builder writes what comes into it unless ours is newer. */
  shown(path: string): string | undefined {
    return this.find(path)?.value;
  }

  /** The boxes of an item are those of another one from now on. */
  forget(item: string): void {
    for (const box of this.place.querySelectorAll(`[name^="${CSS.escape(`${item}.`)}"]`)) box.remove();
  }

  private find(path: string): HTMLInputElement | null {
    return this.place.querySelector(`[name="${CSS.escape(path)}"]`);
  }

  private box(path: string, value: string, complete: boolean): HTMLInputElement {
    const box = this.find(path) ?? this.made(path);
    // A box that names an item is saved with its change event, any other a moment after its last input.
    if (complete) box.dataset["rename"] = "";
    else delete box.dataset["rename"];
    box.value = value;
    return box;
  }

  private made(path: string): HTMLInputElement {
    const box = document.createElement("input");
    box.type = "hidden";
    box.name = path;
    box.focus = () => this.lead(path);
    this.place.append(box);
    return box;
  }
}

/** A request of the page, as htmx tells of it. */
export interface Sent {
  ctx: { request: { body: unknown } };
}

/** What a request brings along, if it is a save: others, such as for a node's form, come and go meanwhile. */
export function saveIn({ ctx }: Sent): URLSearchParams | null {
  const { body } = ctx.request;
  return body instanceof URLSearchParams && body.has("patch_id") ? body : null;
}
