// A copy of the whole draft in this browser, so that work can be restored when the draft has
// expired on the server: the draft's export, renewed a while after saves.

import { browserStore } from "../builder/browser";
import { keysIn } from "../builder/storage";

const PREFIX = "privexbot:copy:";
const WAIT = 4000;
const MONTH = 30 * 24 * 3600_000;

export const copyKey = (user: string, draft: string): string => `${PREFIX}${user}:${draft}`;

/** Keeps the copy of the draft up to date. */
export function keepCopy(key: string, exportUrl: string): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const fetchCopy = async (): Promise<void> => {
    const answer = await fetch(exportUrl).catch(() => null);
    if (answer?.ok && !answer.redirected) store(key, await answer.text());
  };
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void fetchCopy(), WAIT);
  };
  document.addEventListener("draft:saved", soon);
  soon();
}

interface Copy {
  at: number;
  text: string;
}

/** The draft's export as this browser has it, or null. */
export const copyAt = (key: string): string | null => read(key)?.text ?? null;

function read(key: string): Partial<Copy> | null {
  try {
    return JSON.parse(browserStore.getItem(key) ?? "null") as Partial<Copy> | null;
  } catch {
    return null;
  }
}

/** Copies that nobody came back for in a month. */
export function forgetOldCopies(now = Date.now()): void {
  for (const key of keysIn(browserStore, PREFIX)) {
    if (now - (read(key)?.at ?? 0) > MONTH) browserStore.removeItem(key);
  }
}

function store(key: string, text: string): void {
  try {
    browserStore.setItem(key, JSON.stringify({ at: Date.now(), text } satisfies Copy));
  } catch {
    // No room: the draft itself is on the server; only the second copy is missing.
  }
}
