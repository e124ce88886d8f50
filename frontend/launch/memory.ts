// What is remembered of messages that came up: in the browser for the visitor, in the tab for the
// visit. Where the browser forbids it, until the page is left.
import type { Invitation } from "./types";

interface Kept {
  /** Messages that came up, by their ids. */
  seen: string[];
  /** The visitor has closed one: no other comes up. */
  dismissed?: boolean;
}

export interface Memory {
  seen(invitation: Invitation): boolean;
  note(invitation: Invitation): void;
  dismissed(): boolean;
  dismiss(): void;
}

export function memory(name: string): Memory {
  const visitor = shelf("localStorage", name);
  const visit = shelf("sessionStorage", name);
  return {
    seen({ id, repeat }) {
      // What comes up on every page is held back by nothing that was seen on others.
      if (repeat === "page") return false;
      return (repeat === "visit" ? visit : visitor).read().seen.includes(id);
    },
    note({ id }) {
      for (const each of [visitor, visit]) each.change(({ seen }) => ({ seen: [...new Set([...seen, id])].slice(-100) }));
    },
    dismissed: () => !!visitor.read().dismissed,
    dismiss: () => visitor.change(() => ({ dismissed: true })),
  };
}

function shelf(place: "localStorage" | "sessionStorage", name: string) {
  let kept: Kept = { seen: [] };
  const read = (): Kept => {
    try {
      const found = JSON.parse(window[place].getItem(name) ?? "null") as Partial<Kept> | null;
      if (found && Array.isArray(found.seen)) kept = found as Kept;
    } catch {
      // Blocked: what this page knows counts.
    }
    return kept;
  };
  const change = (how: (kept: Kept) => Partial<Kept>): void => {
    kept = { ...read(), ...how(kept) };
    try {
      window[place].setItem(name, JSON.stringify(kept));
    } catch {
      // Blocked or full.
    }
  };
  return { read, change };
}
