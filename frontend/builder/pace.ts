// When to save: a moment after the last key, at once for switches, at the latest after three
// seconds of steady typing, and never in the middle of an IME composition.

export interface Clock {
  now(): number;
  after(ms: number, run: () => void): () => void;
}

export const browserClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

const DEBOUNCE = 500;
const LONGEST = 3000;

export class Pace {
  private cancel: (() => void) | null = null;
  private first: number | null = null;
  private composing = false;
  private owed = false;

  constructor(
    private readonly save: () => void,
    private readonly clock: Clock = browserClock,
  ) {}

  /** A key was pressed. */
  typed(): void {
    this.first ??= this.clock.now();
    const left = this.first + LONGEST - this.clock.now();
    this.schedule(Math.max(0, Math.min(DEBOUNCE, left)));
  }

  /** Save now: a switch was turned, Ctrl+S was pressed, the page goes away. */
  now(): void {
    this.cancel?.();
    this.cancel = null;
    if (this.composing) {
      this.owed = true;
      return;
    }
    this.first = null;
    this.save();
  }

  compositionStarted(): void {
    this.composing = true;
  }

  compositionEnded(): void {
    this.composing = false;
    if (this.owed) {
      this.owed = false;
      this.schedule(0);
    }
  }

  private schedule(ms: number): void {
    this.cancel?.();
    this.cancel = this.clock.after(ms, () => this.now());
  }
}
