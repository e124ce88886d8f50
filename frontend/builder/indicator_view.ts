// Paints the save indicator and the line below the top bar that says what can be done about it.
// What is on the screen ticks every second; what is read aloud changes at most every five.
import { stateOf, wordsFor, type Facts as Known, type State } from "./indicator";
import type { Texts } from "./texts";

const QUIET = 5000;

/** `kept`: whether this browser has room for what is not saved. */
type Facts = Known & { kept: boolean };

export class IndicatorView {
  private readonly element = document.getElementById("save-state");
  private readonly spoken = document.getElementById("save-spoken");
  private lastSpoken = 0;
  private pending: ReturnType<typeof setTimeout> | undefined;
  private state: State | null = null;

  constructor(
    private readonly texts: Texts,
    private readonly facts: () => Facts,
  ) {
    setInterval(() => this.paint(), 1000);
  }

  paint(): void {
    const facts = this.facts();
    const state = stateOf(facts);
    const words = wordsFor(this.texts, facts, Date.now());
    const text = this.element?.querySelector("[data-save-text]");
    if (text && text.textContent !== words) text.textContent = words;
    this.element?.setAttribute("title", words);
    for (const words of document.querySelectorAll<HTMLElement>("[data-kept]")) {
      words.hidden = (words.dataset["kept"] === "yes") !== facts.kept;
    }
    if (state === this.state) return;
    this.state = state;
    this.element?.setAttribute("data-state", state);
    for (const help of document.querySelectorAll<HTMLElement>("[data-save-help]")) {
      help.hidden = help.dataset["saveHelp"] !== state;
    }
    this.speakSoon();
  }

  private speakSoon(): void {
    clearTimeout(this.pending);
    const wait = Math.max(0, this.lastSpoken + QUIET - Date.now());
    this.pending = setTimeout(() => this.speak(), wait);
  }

  private speak(): void {
    this.lastSpoken = Date.now();
    if (this.spoken) this.spoken.textContent = wordsFor(this.texts, this.facts(), Date.now());
  }
}
