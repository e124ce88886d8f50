// A copy of the whole draft in this browser, so that work can be restored when the draft has
// expired on the server: the draft's export, renewed a while after saves.

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
export function copyAt(key: string): string | null {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? "null") as Copy | null)?.text ?? null;
  } catch {
    return null;
  }
}

/** Copies that nobody came back for in a month. */
export function forgetOldCopies(now = Date.now()): void {
  for (const key of Object.keys(localStorage).filter((each) => each.startsWith(PREFIX))) {
    const { at } = (JSON.parse(localStorage.getItem(key) ?? "{}") ?? {}) as Partial<Copy>;
    if (now - (at ?? 0) > MONTH) localStorage.removeItem(key);
  }
}

function store(key: string, text: string): void {
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), text } satisfies Copy));
  } catch {
    // No room: the draft itself is on the server; only the second copy is missing.
  }
}
