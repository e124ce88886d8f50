// The runs of the draft below the chat: the one that is going on, and the last ones, of which each can
// be done again from a node on.
import { pageLanguage } from "../app/times";
import { Refusal, events, json } from "./calls";
import { element } from "./elements";
import { draw, key } from "./log";
import { tellPinned } from "./pins";
import type { Listed, Run, Step } from "./types";

const tell = (event: string, detail: object = {}): void => {
  document.dispatchEvent(new CustomEvent("canvas:run", { detail: { ...detail, event } }));
};

// Milliseconds after which a run that was stopped is kept.
const UNTIL_KEPT = 1500;

export class Panel {
  private steps: Step[] = [];
  private run = "";
  private isGoingOn = false;
  /** Counts what is shown, so that an answer that comes late takes the place of nothing newer. */
  private turn = 0;
  private readonly list: HTMLElement;
  private readonly choice: HTMLSelectElement;

  constructor(private readonly place: HTMLElement) {
    this.list = place.querySelector("ol")!;
    this.choice = place.querySelector("select")!;
    this.choice.addEventListener("change", () => void this.trying(() => this.show(this.choice.value)));
  }

  private get words(): DOMStringMap {
    return this.place.dataset;
  }

  private get url(): string {
    return this.words["runs"] ?? "";
  }

  /** A run begins, in the chat or again: until it ends, it is the one that is shown. */
  begin(): number {
    this.steps = [];
    this.run = "";
    this.choice.disabled = this.isGoingOn = true;
    this.choice.selectedIndex = -1;
    this.say("");
    this.draw();
    tell("run_started");
    return ++this.turn;
  }

  /** A node has begun or is done; an answer that is given again begins with that. */
  step(event: "node_started" | "node_finished", step: Step): void {
    if (!this.isGoingOn) this.begin();
    this.steps = [...this.steps.filter((each) => key(each) !== key(step)), step];
    this.draw();
    if (step.status !== "stopped") tell(event, step); // Called off: it came to nothing on the canvas.
  }

  /** Whoever chats waits for no answer any more; the server learns of that later. */
  async stop(): Promise<void> {
    if (this.isGoingOn) await this.end("", UNTIL_KEPT);
  }

  /** It has come to its end, and if it failed, why; what had not ended was called off. It is kept as the
   * newest run, after a `wait` in milliseconds. */
  async end(reason = "", wait = 0): Promise<void> {
    const { turn } = this;
    const before = this.choice.options[0]?.value;
    this.steps = this.steps.map((step) => (step.status ? step : { ...step, status: "stopped" }));
    this.choice.disabled = this.isGoingOn = false;
    if (reason) this.say(reason);
    this.draw();
    tell("run_finished");
    if (wait) await new Promise((done) => setTimeout(done, wait));
    await this.trying(async () => {
      const [newest] = turn === this.turn ? await this.listed() : [];
      if (!newest || newest.id === before || turn !== this.turn) return;
      this.run = this.choice.value = newest.id;
      this.draw();
    });
  }

  /** The runs that there are, to choose from; none where another is shown by now. */
  private async listed(): Promise<Listed[]> {
    const { turn } = this;
    const { runs } = await json<{ runs: Listed[] }>(this.url);
    if (turn !== this.turn) return [];
    this.choice.replaceChildren(...runs.map((each) => this.option(each)));
    this.choice.hidden = !runs.length;
    this.place.hidden = !runs.length && !this.steps.length;
    return runs;
  }

  private option({ id, at, message, status, replay_of }: Listed): HTMLOptionElement {
    const time = new Date(at).toLocaleTimeString(pageLanguage(), { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
    const from = replay_of ? ` · ${this.words["from"]} ${replay_of.label}` : "";
    const failed = status === "failed" ? ` · ${this.words["failed"]}` : "";
    const option = element("option", "", `${time} · ${message.slice(0, 40)}${from}${failed}`);
    option.value = id;
    return option;
  }

  /** Show the newest of them, where nothing runs yet. */
  async open(): Promise<void> {
    await this.trying(async () => {
      const [newest] = await this.listed();
      if (newest && !this.steps.length) await this.show(newest.id);
    });
  }

  private kept(id: string): Promise<Run> {
    return json<Run>(`${this.url}/${encodeURIComponent(id)}`);
  }

  /** What was said in a run that was done again: it is no part of the chat. */
  private tellAnswer({ replay_of, answer_html }: Run): void {
    if (!replay_of || !answer_html) return;
    const said = element("div", "prose");
    said.innerHTML = answer_html;
    this.place.querySelector(".run-note")!.append(element("h4", "", this.words["answer"]), said);
  }

  /** What was kept of a run. */
  async show(id: string): Promise<void> {
    const turn = ++this.turn;
    const run = await this.kept(id);
    if (turn !== this.turn) return;
    this.run = id;
    this.steps = run.steps;
    this.choice.value = id;
    this.say(run.error ?? "");
    this.tellAnswer(run);
    this.draw();
    tell("run_started");
    for (const step of run.steps) if (step.status !== "stopped") tell("node_finished", step);
    tell("run_finished");
  }

  private async again(node_id: string): Promise<void> {
    const url = `${this.url}/${encodeURIComponent(this.run)}/replay`;
    let isWhole = false;
    const turn = this.begin();
    await this.trying(async () => {
      for await (const [event, detail] of events(url, { node_id })) {
        if (turn !== this.turn) return;
        if (event === "node_started" || event === "node_finished") this.step(event, detail as Step);
        if (event === "error") throw new Refusal((detail as { message: string }).message);
      }
      isWhole = true;
    });
    if (turn !== this.turn) return;
    await this.end();
    if (!isWhole || !this.run) return;
    await this.trying(async () => {
      const run = await this.kept(this.run);
      if (turn === this.turn) this.tellAnswer(run);
    });
  }

  private async pin(step: Step, method: "PUT" | "DELETE"): Promise<void> {
    await this.trying(async () => {
      const url = `${this.url.replace(/runs$/, "nodes")}/${encodeURIComponent(step.node_id)}/pin`;
      await json(url, method, method === "PUT" ? { run_id: this.run } : undefined);
      this.say((method === "PUT" ? this.words["isPinned"] : this.words["isUnpinned"]) ?? "");
      step.kept = method === "PUT";
      this.draw();
      tellPinned(step.node_id, step.kept);
    });
  }

  /** Do `work`; where it is refused, say why. */
  private async trying(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.say(error.message || (this.words["unreached"] ?? ""));
    }
  }

  private say(text: string): void {
    this.place.querySelector(".run-note")!.textContent = text;
  }

  private draw(): void {
    this.place.hidden = !this.steps.length && !this.choice.options.length;
    const actions = {
      again: (step: Step) => void this.again(step.node_id),
      pin: (step: Step) => void this.pin(step, "PUT"),
      unpin: (step: Step) => void this.pin(step, "DELETE"),
    };
    draw(this.list, this.steps, this.words, this.run ? actions : {});
  }
}
