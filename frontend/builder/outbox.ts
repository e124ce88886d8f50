// What was typed and is not yet acknowledged by the server. Knows no page, no network, no storage.
//
// Every edit keeps the version that its box showed when it was made (`base`), so that the server
// can tell whether somebody else changed the same field since. One flight at a time is on its way;
// it keeps its id until it is acknowledged, so sending it twice changes nothing twice.
import { renamed, touches } from "./paths";

export type Value = string | boolean | string[];

export interface Entry {
  value: Value;
  base: number;
}

export interface Flight {
  id: string;
  base: number;
  values: Record<string, Value>;
}

export interface Refusal {
  value: Value;
  base: number;
  message: string;
}

/** `seen` is the version whose values the person chooses between. */
export interface Disputed extends Entry {
  seen: number;
}

export interface Contents {
  pending: Record<string, Entry>;
  flight: Flight | null;
  refused: Record<string, Refusal>;
  conflicts: Record<string, Disputed>;
}

export const empty = (): Contents => ({ pending: {}, flight: null, refused: {}, conflicts: {} });

const newer = (one: number, other: number): number => Math.max(one, other);

export class Outbox {
  private held: Contents;
  /** The newest version whose values are on the screen, as far as nothing is unsaved. */
  version: number;

  constructor(version: number, contents: Contents = empty()) {
    this.version = version;
    this.held = contents;
  }

  get contents(): Contents {
    return this.held;
  }

  /** Whether something typed is not in the server's document. */
  get dirty(): boolean {
    return this.waiting || Object.keys(this.held.refused).length > 0 || this.inConflict;
  }

  /** Whether there is something to send. */
  get waiting(): boolean {
    return this.held.flight !== null || Object.keys(this.held.pending).length > 0;
  }

  get inConflict(): boolean {
    return Object.keys(this.held.conflicts).length > 0;
  }

  get refusals(): Record<string, Refusal> {
    return this.held.refused;
  }

  edit(path: string, value: Value): void {
    const { pending, refused, conflicts, flight } = this.held;
    const conflict = conflicts[path];
    if (conflict) {
      conflicts[path] = { ...conflict, value };
      return;
    }
    const flown = flight && path in flight.values ? flight.base : this.version;
    const base = pending[path]?.base ?? refused[path]?.base ?? flown;
    delete refused[path];
    pending[path] = { value, base };
  }

  /** What the box at `path` should show when the server's document does not have it yet. */
  typed(path: string): Value | undefined {
    const { pending, conflicts, refused, flight } = this.held;
    return (
      pending[path]?.value ??
      conflicts[path]?.value ??
      refused[path]?.value ??
      flight?.values[path]
    );
  }

  /** Every path with something typed and not acknowledged. */
  unsavedPaths(): string[] {
    const { pending, conflicts, refused, flight } = this.held;
    const all = [pending, conflicts, refused, flight?.values ?? {}].flatMap(Object.keys);
    return [...new Set(all)];
  }

  /** What to send now: the flight that has no answer yet, else the oldest edits as a new one. */
  take(newId: () => string): Flight | null {
    const { pending, flight } = this.held;
    if (this.inConflict) return null;
    if (flight) return flight;
    const bases = Object.values(pending).map((entry) => entry.base);
    if (!bases.length) return null;
    const base = Math.min(...bases);
    const values: Record<string, Value> = {};
    for (const [path, entry] of Object.entries(pending)) {
      if (entry.base !== base) continue;
      values[path] = entry.value;
      delete pending[path];
    }
    this.held.flight = { id: newId(), base, values };
    return this.held.flight;
  }

  /** The server has taken the flight, but for the fields that it `refused`; others changed
   * `foreign` since the flight's base. */
  acknowledged(version: number, foreign: string[], refused: Record<string, string> = {}): void {
    const { flight } = this.held;
    if (!flight) return;
    this.held.flight = null;
    for (const [path, message] of Object.entries(refused)) this.refuse(path, flight, message);
    this.shown(version, (path) => !(path in flight.values && !(path in refused)) && touches(path, foreign));
  }

  /** The screen shows `version`, but for what `differs` from it. What was typed at one moment stays together: of a node
   * and its connections none means anything without the others. */
  private shown(version: number, differs: (path: string) => boolean): void {
    const typed = Object.entries(this.held.pending);
    const older = typed.flatMap(([path, { base }]) => (differs(path) ? base : []));
    for (const [, entry] of typed) if (!older.includes(entry.base)) entry.base = newer(entry.base, version);
    this.version = newer(this.version, version);
  }

  /** The server will not have the flight at all, and sending it again will not help. */
  refusedWhole(message: string): void {
    const { flight } = this.held;
    if (!flight) return;
    this.held.flight = null;
    for (const path of Object.keys(flight.values)) this.refuse(path, flight, message);
  }

  private refuse(path: string, flight: Flight, message: string): void {
    const value = flight.values[path];
    if (value === undefined || path in this.held.pending) return;
    this.held.refused[path] = { value, base: flight.base, message };
  }

  /** Somebody else changed `paths` since the flight's base; nothing of it was written. */
  conflicted(version: number, paths: string[]): void {
    const { flight, pending, conflicts } = this.held;
    if (!flight) return;
    this.held.flight = null;
    for (const [path, sent] of Object.entries(flight.values)) {
      const value = pending[path]?.value ?? sent;
      if (touches(path, paths)) {
        delete pending[path];
        conflicts[path] = { value, base: flight.base, seen: version };
      } else {
        pending[path] = { value, base: newer(pending[path]?.base ?? 0, version) };
      }
    }
  }

  /** Ends the conflict: of the paths in `theirs` what was typed is dropped, the rest is sent. */
  resolve(theirs: string[]): void {
    const { conflicts, pending } = this.held;
    this.held.conflicts = {};
    for (const [path, entry] of Object.entries(conflicts)) {
      if (!theirs.includes(path)) pending[path] = { value: entry.value, base: entry.seen };
    }
  }

  /** The screen now shows `version`, in which others changed `paths`. */
  synced(version: number, paths: string[]): void {
    this.shown(version, (path) => touches(path, paths));
  }

  /** Take over what a closed page left behind; whether there was anything. What was in conflict
   * there keeps its old base, so that the server raises the conflict again; what was refused there
   * is sent once more, since it may be possible by now, or nothing that is left to do. */
  takeOver(left: Contents): boolean {
    const typed = { ...left.refused, ...left.conflicts, ...left.pending };
    const entries = Object.entries(typed).map(([path, { value, base }]) => [path, { value, base }] as const);
    const pending: Record<string, Entry> = Object.fromEntries(entries);
    this.held = joined({ ...empty(), flight: left.flight, pending }, this.held);
    return left.flight !== null || entries.length > 0;
  }

  /** Forget everything: the draft was removed on purpose. */
  clear(): void {
    this.held = empty();
  }

  /** The item at `from` is called `to` now: what is typed below it moves with it. */
  rename(from: string, to: string): void {
    const { pending, refused } = this.held;
    this.held.pending = moved(pending, from, to);
    this.held.refused = moved(refused, from, to);
  }

  /** Forget what was typed at and below `path`: the item was removed. */
  drop(path: string): void {
    for (const part of [this.held.pending, this.held.refused, this.held.conflicts]) {
      for (const key of Object.keys(part)) {
        if (key === path || key.startsWith(`${path}.`)) delete part[key];
      }
    }
  }
}

function moved<T>(map: Record<string, T>, from: string, to: string): Record<string, T> {
  return Object.fromEntries(Object.entries(map).map(([k, v]) => [renamed(k, from, to), v]));
}

/** Everything in `left` as if it had been typed on `version` of a draft: a new one, made from a copy. */
export function rebased(left: Contents, version: number): Contents {
  const typed = Object.entries({ ...left.refused, ...left.conflicts, ...left.pending });
  const newest = typed.map(([path, { value }]) => [path, value] as const);
  const values = { ...left.flight?.values, ...Object.fromEntries(newest) };
  const entries = Object.entries(values).map(([path, value]) => [path, { value, base: version }] as const);
  return { ...empty(), pending: Object.fromEntries(entries) };
}

/** Two boxes as one: what `later` holds wins. For edits that a closed page left behind. */
export function joined(earlier: Contents, later: Contents): Contents {
  const rest: Record<string, Entry> = { ...earlier.pending };
  const both = earlier.flight !== null && later.flight !== null;
  if (both && later.flight) {
    for (const [path, value] of Object.entries(later.flight.values)) {
      rest[path] = { value, base: later.flight.base };
    }
  }
  return {
    flight: earlier.flight ?? later.flight,
    pending: { ...rest, ...later.pending },
    refused: { ...earlier.refused, ...later.refused },
    conflicts: { ...earlier.conflicts, ...later.conflicts },
  };
}
