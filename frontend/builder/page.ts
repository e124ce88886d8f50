// The builder's page as the save machine sees it: shows values, messages and conflicts.
import { PATIENCE } from "../app/patience";
import { released } from "../app/pressed";
import type { Config } from "./config";
import { hasError, setError } from "./field_error";
import { boxesOf, listOf, write } from "./fields";
import type { Autosave, Failure, Page } from "./autosave";
import type { IndicatorView } from "./indicator_view";
import type { Outbox } from "./outbox";
import type { DraftState } from "./outcome";
import type { Keeper } from "./storage";
import { say } from "./texts";

const ACTIONS = "[data-undo], [data-redo], [data-waits-for-save], [data-abandon]";
const EVERYTHING =
  ".builder-bar-end, .builder-rename, .builder-steps, .builder-step-select, #step-panel, .builder-preview";

export class BuilderPage implements Page {
  autosave!: Autosave;
  indicator!: IndicatorView;
  private catching: Promise<void> | null = null;
  private again = false;
  private readonly unsaid = new Map<string, string>();

  constructor(
    private readonly config: Config,
    private readonly outbox: Outbox,
    private readonly keeper: Keeper,
  ) {}

  saveUrl(): string {
    return document.querySelector<HTMLFormElement>("#step-form")?.dataset["saveUrl"] ?? location.pathname;
  }

  /** The address of a part of the step, in the view that is shown. */
  private part(query: string): string {
    return `${this.saveUrl()}${this.saveUrl().includes("?") ? "&" : "?"}${query}`;
  }

  changed(): void {
    this.keeper.keep(this.outbox.contents);
    this.indicator.paint();
    this.shut();
  }

  show(state: DraftState): void {
    this.apply(state);
    this.autosave.lock(state.status === "deploying");
    if (!state.editable) this.autosave.stopped({ kind: "forbidden" });
    this.mark(state);
    setDisabled("[data-undo]", !state.undo);
    setDisabled("[data-redo]", !state.redo);
    document.dispatchEvent(new CustomEvent("draft:saved", { detail: state }));
  }

  /** Show values that came from elsewhere in every box where nothing is typed. */
  private apply(state: DraftState): void {
    for (const [path, value] of Object.entries(state.values)) {
      const who = state.by[path];
      if (this.outbox.typed(path) === undefined && write(path, value) && who) this.flash(path, who);
    }
    for (const path of state.lists) this.reloadList(path);
  }

  private flash(path: string, who: string): void {
    const place = boxesOf(path)[0]?.closest<HTMLElement>(".field, .switch, .choice");
    if (!place) return;
    place.dataset["changedBy"] = say(this.config.texts, "changed_by", { who });
    setTimeout(() => delete place.dataset["changedBy"], 4000);
  }

  /** What the server said about the fields that were sent: refusals now, problems once left. */
  private mark(state: DraftState): void {
    for (const [path, message] of Object.entries({ ...state.issues, ...state.rejected })) {
      this.unsaid.delete(path);
      const place = boxesOf(path)
        .map((box) => box.closest("[data-rows-editor]") ?? box)
        .find((each) => each.contains(document.activeElement));
      // What is told already is told as it is now; anything new waits until the box is left.
      if (place && message && !(path in state.rejected) && !hasError(path)) this.tellOnceLeft(place, path, message);
      else setError(path, message);
    }
  }

  /** Show a problem when the box is left, unless it is gone by then. */
  private tellOnceLeft(place: Element, path: string, message: string): void {
    this.unsaid.set(path, message);
    const left = (event: Event): void => {
      if (place.contains((event as FocusEvent).relatedTarget as Node | null)) return;
      place.removeEventListener("focusout", left);
      void released().then(() => this.unsaid.get(path) === message && setError(path, message));
    };
    place.addEventListener("focusout", left);
  }

  /** Switch off what cannot be done just now: everything, when the draft is gone. */
  private shut(): void {
    const kind = this.autosave.trouble?.kind ?? "";
    setInert(ACTIONS, ["locked", "forbidden", "expired"].includes(kind));
    setInert(EVERYTHING, kind === "expired");
  }

  /** Everything typed and not acknowledged, back into the boxes: after a load or a swap. */
  overlay(): void {
    for (const path of this.outbox.unsavedPaths()) {
      const value = this.outbox.typed(path);
      if (value !== undefined) write(path, value);
    }
    this.showRefusals();
    this.shut();
  }

  showRefusals(): void {
    for (const [path, { message }] of Object.entries(this.outbox.refusals)) setError(path, message);
  }

  rename(pairs: [string, string][]): void {
    for (const [from, to] of pairs) {
      const list = listOf(from.slice(0, from.lastIndexOf(".")));
      for (const element of list?.querySelectorAll("*") ?? []) renameAttributes(element, from, to);
    }
  }

  private reloadList(path: string): void {
    const target = listOf(path);
    if (!target) return;
    void window.htmx
      .ajax("GET", this.part(`list=${encodeURIComponent(path)}`), { target, swap: "outerMorph" })
      .then(() => this.overlay());
  }

  conflict: (state: DraftState) => void = () => undefined;
  expired: () => void = () => undefined;

  /** Add an item called `key` to the list at `path`; whether it is there now. */
  async createItem(path: string, key: string): Promise<boolean> {
    return (await this.autosave.operate(this.saveUrl(), { _op: `add:${path}:${key}` })) !== null;
  }

  /** Fetch and show what others changed; asked again meanwhile, it looks again at the end. */
  catchUp(): void {
    if (this.catching) {
      this.again = true;
      return;
    }
    this.catching = this.fetchChanges().finally(() => {
      this.catching = null;
      if (this.again) {
        this.again = false;
        this.catchUp();
      }
    });
  }

  private async fetchChanges(since = this.outbox.version): Promise<void> {
    const answer = await fetch(`${this.config.urls.changes}?since=${since}`, {
      signal: AbortSignal.timeout(PATIENCE),
    }).catch(() => null);
    if (answer?.status === 404 || answer?.status === 410) return void this.autosave.gone();
    if (!answer?.ok || answer.redirected) return;
    const state = (await answer.json()) as DraftState;
    await released();
    const news = state.paths.length > 0 || state.status !== this.config.status;
    this.config.status = state.status;
    this.outbox.synced(state.version, state.paths);
    this.show(state);
    this.changed();
    if (news) this.refreshFrame();
  }

  /** A step came with the values of an older version than the screen had: bring it up to date. */
  stepShown(version: number): void {
    this.overlay();
    if (version < this.outbox.version) void this.fetchChanges(version);
    else if (version > this.outbox.version) this.catchUp();
  }

  /** Ticks, problem count and chip as they are now. */
  private refreshFrame(): void {
    void window.htmx.ajax("GET", this.part("frame=1"), { target: "#steps", swap: "none" });
  }

  /** Why what waits for a save was not done. */
  notSaved(): void {
    const why = this.outbox.inConflict ? ({ kind: "conflict" } as const) : this.autosave.trouble;
    if (why) this.failedOperation(why);
    else toast(say(this.config.texts, "save_first"));
  }

  failedOperation(why: Failure): void {
    const seconds = why.kind === "busy" ? why.seconds : 0;
    const words = say(this.config.texts, `not_done_${why.kind.replace("-", "_")}`, { n: seconds });
    toast("message" in why ? why.message : words);
  }
}

export function toast(text: string, more: { action?: string | undefined; run?: () => void; topic?: string } = {}): void {
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, ...more } }));
}

function setInert(parts: string, inert: boolean): void {
  for (const part of document.querySelectorAll<HTMLElement>(parts)) part.inert = inert;
}

function setDisabled(buttons: string, disabled: boolean): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>(buttons)) button.disabled = disabled;
}

function renameAttributes(element: Element, from: string, to: string): void {
  for (const { name, value } of [...element.attributes]) {
    let next = value;
    // In names the parts are joined by dots, in ids by dashes, in the values of buttons by colons.
    for (const mark of [".", "-", ":"]) {
      next = replacePath(next, from.replaceAll(".", mark), to.replaceAll(".", mark));
    }
    if (next !== value) element.setAttribute(name, next);
  }
}

/** `from` as a whole path or its beginning inside an attribute's text. */
export function replacePath(text: string, from: string, to: string): string {
  const escaped = from.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return text.replace(new RegExp(`${escaped}(?=$|[.:_"\\s])`, "g"), () => to);
}
