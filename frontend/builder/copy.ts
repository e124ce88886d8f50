// A copy of the whole draft in this browser, so that work can be restored when the draft has
// expired on the server: the draft's export, renewed a while after saves.
import { joined, type Contents, type Value } from "./outbox";

export const copyKey = (user: string, draft: string): string => `privexbot:copy:${user}:${draft}`;
const WAIT = 4000;

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

function store(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
  } catch {
    // No room: the draft itself is on the server; only the second copy is missing.
  }
}

/** What was typed and never reached the server, of all pages of this browser. */
export function typedValues(contents: Contents[]): Record<string, Value> {
  const all = contents.reduce(joined, { pending: {}, flight: null, refused: {}, conflicts: {} });
  const entries = { ...all.refused, ...all.conflicts, ...all.pending };
  const values = Object.entries(entries).map(([path, { value }]) => [path, value] as const);
  return { ...(all.flight?.values ?? {}), ...Object.fromEntries(values) };
}
