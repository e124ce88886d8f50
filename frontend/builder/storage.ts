// Keeps the outbox in this browser, so that a reload, a crash or an expired session loses nothing.
//
// Each page load writes a record of its own. A page that goes away marks its record as closed, a
// living one with something unsaved renews it every few seconds; a page of the same person and
// draft takes over records that are closed or have gone quiet.
import { empty, joined, type Contents } from "./outbox";

interface StoredRecord {
  contents: Contents;
  closed: boolean;
  alive: number;
}

/** What was typed and never reached the server; `forget` is for when it is safe elsewhere. */
export interface Left {
  contents: Contents;
  forget(): void;
}

export interface Store {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

const QUIET = 20_000;
const MONTH = 30 * 24 * 3600_000;
const PREFIX = "privexbot:outbox:";

/** The keys that begin with `prefix`. */
export const keysIn = (store: Store, prefix: string): string[] =>
  Array.from({ length: store.length }, (_, i) => store.key(i) ?? "").filter((key) => key.startsWith(prefix));

/** Forget what drafts that nobody came back to in a month left behind. */
export function forgetOldRecords(store: Store, now = Date.now()): void {
  for (const key of keysIn(store, PREFIX)) {
    const alive = readRecord(store, key)?.alive ?? 0;
    if (now - alive > MONTH) store.removeItem(key);
  }
}

export class Keeper {
  private readonly prefix: string;
  private readonly own: string;
  /** False when this browser gives no room: then only the server's answer keeps anything. */
  works = true;

  constructor(
    private readonly store: Store,
    scope: string,
    page: string,
    private readonly now: () => number = Date.now,
  ) {
    this.prefix = `${PREFIX}${scope}:`;
    this.own = this.prefix + page;
  }

  /** Whether the page is going away, so that the next one may take over at once. */
  closed = false;

  keep(contents: Contents): void {
    const record: StoredRecord = { contents, closed: this.closed, alive: this.now() };
    try {
      if (isEmpty(contents)) this.store.removeItem(this.own);
      else this.store.setItem(this.own, JSON.stringify(record));
      this.works = true;
    } catch {
      this.works = false;
    }
  }

  /** What pages that are gone left behind, oldest first, joined. It stays until it is forgotten. */
  left(): Left {
    const found = this.orphans().sort((a, b) => a.record.alive - b.record.alive);
    return {
      contents: found.map(({ record }) => record.contents).reduce(joined, empty()),
      forget: () => found.forEach(({ key }) => this.store.removeItem(key)),
    };
  }

  /** Leave `contents` for the next page of the draft to take over; whether there was room. */
  leave(contents: Contents): boolean {
    this.closed = true;
    this.keep(contents);
    return this.works;
  }

  private orphans(): { key: string; record: StoredRecord }[] {
    return this.keys().flatMap((key) => {
      const record = readRecord(this.store, key);
      const gone = record && (record.closed || this.now() - record.alive > QUIET);
      return gone ? [{ key, record }] : [];
    });
  }

  private keys(): string[] {
    try {
      return keysIn(this.store, this.prefix).filter((key) => key !== this.own);
    } catch {
      return [];
    }
  }
}

function readRecord(store: Store, key: string): StoredRecord | null {
  try {
    return JSON.parse(store.getItem(key) ?? "null") as StoredRecord | null;
  } catch {
    return null;
  }
}

function isEmpty({ pending, flight, refused, conflicts }: Contents): boolean {
  return !flight && ![pending, refused, conflicts].some((part) => Object.keys(part).length);
}
