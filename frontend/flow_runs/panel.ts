// The runs of the draft below the chat: the one that is going on, and the last ones, of which each can
// be done again from a node on.
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

  /** A run begins, in the chat or again. */
  begin(): void {
    this.steps = [];
    this.run = "";
    this.say("");
    this.draw();
    tell("run_started");
  }

  /** A node has begun or is done. */
  step(event: "node_started" | "node_finished", step: Step): void {
    this.steps = [...this.steps.filter((each) => key(each) !== key(step)), step];
    this.draw();
    if (step.status !== "stopped") tell(event, step); // Called off: it came to nothing on the canvas.
  }

  /** It is over, and if it failed, why; it is kept as the newest run, after a `wait` in milliseconds. */
  async end(reason = "", wait = 0): Promise<void> {
    const before = this.choice.options[0]?.value;
    const steps = (this.steps = this.steps.map((step) => (step.status ? step : { ...step, status: "stopped" })));
    if (reason) this.say(reason);
    this.draw();
    tell("run_finished");
    if (wait) await new Promise((done) => setTimeout(done, wait));
    if (this.steps !== steps) return; // Another run is shown by now.
    await this.trying(async () => {
      const [newest] = await this.listed();
      this.run = newest && newest.id !== before ? newest.id : "";
      this.choice.value = this.run;
      this.draw();
    });
  }

  /** Whoever chats waits for no answer any more, if one was on its way; the server learns of that later. */
  stop(): void {
    if (this.steps.some((step) => !step.status)) void this.end("", UNTIL_KEPT);
  }

  /** The runs that there are, to choose from. */
  async listed(): Promise<Listed[]> {
    const { runs } = await json<{ runs: Listed[] }>(this.url);
    this.choice.replaceChildren(...runs.map((each) => this.option(each)));
    this.choice.hidden = !runs.length;
    this.place.hidden = !runs.length && !this.steps.length;
    return runs;
  }

  private option({ id, at, message, status, replay_of }: Listed): HTMLOptionElement {
    const time = new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    const from = replay_of ? ` · ${this.words["from"]} ${replay_of.node_id}` : "";
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
    const run = await this.kept(id);
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
    this.begin();
    await this.trying(async () => {
      for await (const [event, detail] of events(url, { node_id })) {
        if (event === "node_started" || event === "node_finished") this.step(event, detail as Step);
        if (event === "error") throw new Refusal((detail as { message: string }).message);
      }
      isWhole = true;
    });
    await this.end();
    if (isWhole && this.run) await this.trying(async () => this.tellAnswer(await this.kept(this.run)));
  }

  private async pin(step: Step, method: "PUT" | "DELETE"): Promise<void> {
    await this.trying(async () => {
      const url = `${this.url.replace(/runs$/, "nodes")}/${encodeURIComponent(step.node_id)}/pin`;
      await json(url, method, method === "PUT" ? { run_id: this.run } : undefined);
      this.say((method === "PUT" ? this.words["isPinned"] : this.words["isUnpinned"]) ?? "");
      tellPinned(step.node_id, method === "PUT");
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
