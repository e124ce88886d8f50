// Remembers over page loads; where the browser forbids it, until the page is left.
import type { Values } from "./types";

/** What is remembered: no message, the server keeps those. */
export interface Kept {
  token?: string | undefined;
  session?: string | undefined;
  open?: boolean | undefined;
  variables?: Values | undefined;
  asked?: boolean | undefined;
  look?: { color: string; theme: string; position: string } | undefined;
}

export interface Store {
  kept: Kept;
  keep(change: Kept): void;
}

/** A memory of its own for each `name`. */
export function store(name: string): Store {
  const key = `privexbot:${name}`;
  let kept: Kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(key) ?? "{}");
  } catch {
    // Blocked or damaged: begin anew.
  }
  return {
    get kept() {
      return kept;
    },
    keep(change) {
      kept = { ...kept, ...change };
      try {
        localStorage.setItem(key, JSON.stringify(kept));
      } catch {
        // Blocked or full: the page's own memory has it.
      }
    },
  };
}
