// The place beside the canvas where the server's form of the selected node is shown. A form is asked
// for once the server has the node, one after the other, and only the newest.
import { isInPreview, showSide } from "./side";

const PLACE = "#inspector";

export class Inspector {
  private wanted: string | null = null;
  private busy = false;
  private toFocus = false;

  constructor(
    private readonly canvas: HTMLElement,
    private readonly url: string,
    private readonly isSaved: (id: string) => boolean,
  ) {}

  /** The node whose form is on the page: the step may have come anew, without it. */
  private get shown(): string | null {
    return document.querySelector<HTMLElement>(`${PLACE} [data-node]`)?.dataset["node"] ?? null;
  }

  /** Show the form of one node, or of none. Whoever opens a step of a run in the log goes on reading there. */
  show(id: string | null): void {
    if (id !== null) showSide(isInPreview() ? "preview" : "settings");
    if (id === this.wanted) return;
    this.wanted = id;
    this.toFocus = false;
    this.canvas.dispatchEvent(new CustomEvent("canvas:select", { bubbles: true, detail: { id } }));
    if (id !== null) return void this.load();
    document.querySelector(PLACE)?.replaceChildren();
  }

  /** Nodes are called otherwise now, new names by old. */
  renamed(names: ReadonlyMap<string, string>): void {
    const [to, focus] = [names.get(this.wanted ?? ""), this.toFocus];
    if (to) this.show(to);
    this.toFocus = focus;
  }

  /** The server may have the node now. */
  saved(): void {
    void this.load();
  }

  /** Go to the form's first box, once it is there. */
  focus(): void {
    showSide("settings");
    this.toFocus = true;
    if (this.shown === this.wanted) this.lead();
  }

  private async load(): Promise<void> {
    const id = this.wanted;
    if (this.busy || id === null || id === this.shown || !this.isSaved(id)) return;
    this.busy = true;
    const url = this.url.replace("__node__", encodeURIComponent(id));
    // From an element of its own: of several requests of one element htmx lets some wait, and drops others.
    await window.htmx?.ajax("GET", url, { source: PLACE, target: PLACE, swap: "innerHTML" }).catch(() => undefined);
    this.busy = false;
    if (this.wanted === null) return document.querySelector(PLACE)?.replaceChildren();
    if (this.wanted !== id) return this.load();
    if (this.toFocus) this.lead();
  }

  private lead(): void {
    this.toFocus = false;
    const place = document.querySelector<HTMLElement>(PLACE);
    const box = place?.querySelector<HTMLElement>(
      ":is(input, select, textarea, button, a[href], [tabindex='0']):not([type=hidden], :disabled, [hidden], .inspector-head *)",
    );
    if (place && !box) place.tabIndex = -1;
    (box ?? place)?.focus();
  }
}
