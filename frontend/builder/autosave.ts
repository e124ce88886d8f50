// Saves what is typed: takes flights from the outbox, sends them one at a time, and tells the page
// what became of them. Operations (undo, add an item …) wait until nothing typed is left to send.
import { delay } from "./backoff";
import { encode } from "./encode";
import type { Facts, Trouble } from "./indicator";
import type { Flight, Outbox, Value } from "./outbox";
import { outcome, stateIn, type Answer, type DraftState, type Outcome, type Words } from "./outcome";
import { Pace } from "./pace";
import type { Post, Transport } from "./transport";

export interface Page {
  /** Show the values, list editors and messages that an answer carries. */
  show(state: DraftState): void;
  /** Rename the boxes of renamed items, before anything is swapped. */
  rename(pairs: [string, string][]): void;
  /** The facts changed: repaint the indicator, keep the outbox. */
  changed(): void;
  conflict(state: DraftState): void;
  /** Say at the boxes why what is in them is not saved. */
  showRefusals(): void;
  expired(): void;
  /** Fetch what others changed after the version on the screen. */
  catchUp(): void;
  failedOperation(why: Failure): void;
  saveUrl(): string;
}

/** Why an operation was not done: what the server said, that it was not asked, or a conflict. */
export type Failure = Exclude<Outcome, { kind: "saved" }> | Trouble | { kind: "conflict" };

interface Operation {
  url: string;
  body: URLSearchParams;
  done: (state: DraftState | null) => void;
}

export const newId = (): string =>
  crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4)), hex).join("-");
const hex = (n: number): string => n.toString(16).padStart(8, "0");

export class Autosave {
  readonly pace = new Pace(() => this.due());
  readonly sent = new Set<string>();
  transport!: Transport;
  trouble: Trouble | null = null;
  /** The draft is being deployed or removed from this page. */
  ending = false;
  private sending = false;
  private pumping = false;
  private wanted = false;
  private failures = 0;
  private retryAt: number | null = null;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private operations: Operation[] = [];

  constructor(
    readonly outbox: Outbox,
    private readonly page: Page,
    private readonly words: Words,
    public savedAt: number,
  ) {}

  edit(path: string, value: Value): void {
    this.outbox.edit(path, value);
    this.page.changed();
  }

  facts(): Omit<Facts, "problems"> {
    return {
      dirty: this.outbox.dirty,
      sending: this.sending,
      online: navigator.onLine,
      trouble: this.trouble,
      retryAt: this.retryAt,
      conflicts: Object.keys(this.outbox.contents.conflicts).length,
      refused: Object.keys(this.outbox.refusals).length,
      savedAt: this.savedAt,
    };
  }

  /** Save everything now, whatever timers say. */
  flush(): void {
    this.retryAt = null;
    this.pace.now();
  }

  /** Run an operation on the server after everything typed is saved. */
  operate(url: string, fields: Record<string, string>): Promise<DraftState | null> {
    const body = new URLSearchParams({ ...fields, patch_id: newId() });
    return new Promise((done) => {
      this.operations.push({ url, body, done });
      this.flush();
    });
  }

  /** Resolves once nothing typed is left to send: true, or false when that did not work out. */
  async saved(): Promise<boolean> {
    this.flush();
    while (this.pumping) await new Promise((wait) => setTimeout(wait, 20));
    return !this.outbox.dirty;
  }

  private due(): void {
    this.wanted = true;
    if (this.retryAt !== null && Date.now() < this.retryAt) return;
    clearTimeout(this.retryTimer);
    void this.pump();
  }

  private async pump(): Promise<void> {
    if (this.pumping || this.trouble?.kind === "expired") return;
    this.pumping = true;
    try {
      // What is wanted while the last step ends has nobody else to send it.
      do while (await this.step()) this.page.changed();
      while (this.wanted && !this.trouble);
    } finally {
      this.pumping = false;
      this.page.changed();
    }
  }

  /** Send one thing; whether to go on with the next. */
  private async step(): Promise<boolean> {
    const retained = this.outbox.contents.flight !== null;
    const flight = this.wanted || retained ? this.outbox.take(newId) : null;
    // What was typed on another version goes right after it; what is typed meanwhile waits for its own moment.
    if (!retained) this.wanted = !!flight && !!Object.keys(this.outbox.contents.pending).length;
    if (flight) return this.deliver(flight);
    if (this.outbox.inConflict) return this.giveUpOperations({ kind: "conflict" });
    const operation = this.operations.shift();
    return operation ? this.perform(operation) : false;
  }

  private async deliver(flight: Flight): Promise<boolean> {
    const post = this.postOf(flight);
    const answer = await this.request(post, flight.id);
    if (!answer) return this.failed({ kind: "network" });
    return this.judge(outcome(answer, flight.id, this.words));
  }

  postOf(flight: Flight): Post {
    const url = this.page.saveUrl();
    return { url, body: encode(flight.values, flight.id), version: flight.base };
  }

  private async request(post: Post, id: string): Promise<Answer | null> {
    // Others may hear of it, and this page with them, before the answer comes.
    this.sent.add(id);
    this.sending = true;
    this.page.changed();
    try {
      return await this.transport.send(post);
    } finally {
      this.sending = false;
    }
  }

  /** An answer has come and is about to be swapped in. */
  arrived(answer: Answer): void {
    const state = stateIn(answer.text);
    if (!state?.renamed.length) return;
    for (const [from, to] of state.renamed) this.outbox.rename(from, to);
    this.page.rename(state.renamed);
  }

  private judge(result: Outcome): boolean {
    switch (result.kind) {
      case "saved":
        return this.accepted(result.state);
      case "conflict":
        return this.conflicted(result.state);
      case "refused":
        this.outbox.refusedWhole(result.message);
        this.page.showRefusals();
        return this.recovered();
      case "busy":
        return this.failed({ kind: "busy", seconds: result.seconds }, result.seconds * 1000);
      // A draft that is being deployed is soon either gone or free again.
      case "locked":
        return this.failed({ kind: "locked" });
      case "server":
        return this.failed({ kind: "server" });
      case "signed-out":
        return this.failed({ kind: "signed-out" }, 15_000);
      case "forbidden":
        return this.stopped({ kind: "forbidden" });
      case "expired":
        return this.gone();
    }
  }

  private accepted(state: DraftState): boolean {
    this.outbox.acknowledged(state.version, state.paths, state.rejected);
    this.savedAt = Date.now();
    this.page.show(state);
    return this.recovered();
  }

  private conflicted(state: DraftState): boolean {
    this.outbox.conflicted(
      state.version,
      state.conflicts.map(({ path }) => path),
    );
    const agreed = state.conflicts.filter(({ path, theirs }) => this.agrees(path, theirs));
    if (agreed.length === state.conflicts.length) this.outbox.resolve(agreed.map(({ path }) => path));
    else this.page.conflict(state);
    this.page.catchUp();
    this.wanted = true;
    return this.recovered();
  }

  private agrees(path: string, theirs: Value): boolean {
    return JSON.stringify(this.outbox.typed(path)) === JSON.stringify(theirs);
  }

  /** Whether the draft is being deployed: what is typed meanwhile is saved once that has ended. */
  lock(locked: boolean): void {
    if (locked) this.trouble ??= { kind: "locked" };
    else if (this.trouble?.kind === "locked") {
      this.recovered();
      this.flush();
    }
  }

  private recovered(): true {
    this.trouble = this.retryAt = null;
    this.failures = 0;
    return true;
  }

  private failed(trouble: Trouble, wait = delay(++this.failures)): false {
    this.trouble = trouble;
    this.retryAt = Date.now() + wait;
    clearTimeout(this.retryTimer);
    this.retryTimer = setTimeout(() => this.flush(), wait);
    return this.giveUpOperations(trouble);
  }

  /** Nothing is sent any more until somebody asks for it. */
  stopped(trouble: Trouble): false {
    this.trouble = trouble;
    this.retryAt = null;
    return this.giveUpOperations(trouble);
  }

  /** The draft is not there any more: nothing is sent, what was typed stays in this browser. */
  gone(): false {
    if (this.ending) return false;
    const known = this.trouble?.kind === "expired";
    this.stopped({ kind: "expired" });
    if (!known) this.page.expired();
    this.page.changed();
    return false;
  }

  private async perform(operation: Operation): Promise<boolean> {
    const id = operation.body.get("patch_id") ?? "";
    operation.body.set("_since", String(this.outbox.version));
    const answer = await this.request({ ...operation }, id);
    const result: Outcome | Trouble = answer ? outcome(answer, id, this.words) : { kind: "network" };
    if (result.kind !== "saved") return this.operationFailed(operation, result);
    this.outbox.synced(result.state.version, result.state.paths);
    this.savedAt = Date.now();
    this.page.show(result.state);
    operation.done(result.state);
    return this.recovered();
  }

  private operationFailed(operation: Operation, why: Failure): boolean {
    operation.done(null);
    if (why.kind === "expired") return this.gone();
    this.page.failedOperation(why);
    return true;
  }

  private giveUpOperations(why: Failure): false {
    const given = this.operations.splice(0);
    for (const operation of given) operation.done(null);
    if (given.length) this.page.failedOperation(why);
    return false;
  }

  /** Send what is left as the page goes away; what does not fit stays in this browser. */
  sendLast(send: (post: Post) => boolean): void {
    const { flight } = this.outbox.contents;
    if (flight && this.sending) return void send(this.postOf(flight));
    const next = this.outbox.take(newId);
    if (next) send(this.postOf(next));
  }

  /** The conflict was decided: `theirs` are the paths whose typed values are dropped. */
  resolve(theirs: string[]): void {
    this.outbox.resolve(theirs);
    this.flush();
  }
}
