import { beforeEach, describe, expect, it, vi } from "vitest";
import { delay } from "./backoff";
import { encode } from "./encode";
import { left } from "../recovery/expiry";
import { stateOf, wordsFor, type Facts } from "./indicator";
import { outcome, stateIn } from "./outcome";
import { Pace, type Clock } from "./pace";
import { replacePath } from "./page";
import { overlap, renamed } from "./paths";
import { forgetOldRecords, Keeper, type Store } from "./storage";
import { empty, Outbox } from "./outbox";

const texts = { saved: "Saved {when}", minutes_left: "{n} min", hours_left: "{n} h", saved_problems: "Saved {when} · {n} to fix", retrying: "in {n} s" };

describe("the indicator", () => {
  const calm: Facts = { dirty: false, sending: false, online: true, trouble: null, retryAt: null, conflicts: 0, refused: 0, problems: 0, savedAt: 0 };
  const of = (facts: Partial<Facts>) => stateOf({ ...calm, ...facts });

  it("has a state for everything that can happen", () => {
    expect(of({})).toBe("saved");
    expect(of({ problems: 2 })).toBe("invalid");
    expect(of({ dirty: true })).toBe("unsaved");
    expect(of({ dirty: true, sending: true })).toBe("saving");
    expect(of({ dirty: true, online: false })).toBe("offline");
    expect(of({ dirty: true, online: false, trouble: { kind: "network" } })).toBe("offline");
    expect(of({ dirty: true, trouble: { kind: "network" } })).toBe("retrying");
    expect(of({ dirty: true, trouble: { kind: "server" }, sending: true })).toBe("retrying");
    expect(of({ dirty: true, trouble: { kind: "signed-out" } })).toBe("signed-out");
    expect(of({ dirty: true, trouble: { kind: "forbidden" } })).toBe("forbidden");
    expect(of({ trouble: { kind: "locked" } })).toBe("locked");
    expect(of({ dirty: true, conflicts: 1 })).toBe("conflict");
    expect(of({ dirty: true, refused: 1 })).toBe("refused");
    expect(of({ trouble: { kind: "expired" } })).toBe("expired");
  });

  it("never says saved while anything is dirty", () => {
    for (const sending of [true, false])
      for (const online of [true, false])
        for (const kind of [null, "network", "server", "signed-out", "forbidden", "locked", "expired"] as const)
          for (const problems of [0, 3]) {
            const trouble = kind && { kind };
            expect(["saved", "invalid"]).not.toContain(of({ dirty: true, sending, online, trouble, problems }));
          }
  });

  it("says how long ago in plain words", () => {
    expect(wordsFor(texts, { ...calm, savedAt: 1000 }, 41_000)).toBe("Saved 40s ago");
    expect(wordsFor(texts, { ...calm, savedAt: 1000, problems: 2 }, 1500)).toBe("Saved now · 2 to fix");
    expect(wordsFor(texts, { ...calm, dirty: true, trouble: { kind: "server" }, retryAt: 5000 }, 1200)).toBe("in 4 s");
    expect(wordsFor(texts, { ...calm, savedAt: 9000 }, 4000)).toBe("Saved now");
    expect(left(texts, 24 * 3600_000 - 1000)).toBe("24 h");
    expect(left(texts, 23.2 * 3600_000)).toBe("23 h");
    expect(left(texts, 12 * 60_000)).toBe("12 min");
  });
});

describe("an answer", () => {
  const state = { patch_id: "p1", version: 4 };
  const text = `<script id="draft-state" type="application/json">${JSON.stringify(state)}</script><hx-partial></hx-partial>`;
  const of = (status: number, more: object = {}) =>
    result(status, more).kind;
  const result = (status: number, more: object = {}) =>
    outcome({ status, redirected: false, text: "", header: () => null, ...more }, "p1", { refused: "no", tooLarge: "too large" });

  it("acknowledges only what names our patch", () => {
    expect(stateIn(text)).toEqual(state);
    expect(of(200, { text })).toBe("saved");
    expect(of(422, { text })).toBe("saved");
    expect(of(200, { text: "<h1>Sign in</h1>", redirected: true })).toBe("signed-out");
    expect(of(200, { text: "<h1>Captive portal</h1>" })).toBe("server");
    expect(of(200, { text: text.replace("p1", "p2") })).toBe("server");
  });

  it("knows every failure", () => {
    expect([401, 403, 404, 410, 413, 429, 500, 503].map((status) => of(status))).toEqual([
      "signed-out", "signed-out", "expired", "expired", "refused", "busy", "server", "server",
    ]);
    expect(of(403, { header: () => "viewer" })).toBe("forbidden");
    expect(of(409, { text })).toBe("conflict");
    expect(of(409)).toBe("locked");
  });

  it("says the server's own words, and too large only of what is", () => {
    const refusal = `<script id="draft-refusal" type="application/json">"There is nothing to undo."</script>`;
    for (const status of [400, 409, 413, 422]) {
      expect(result(status, { text: refusal })).toMatchObject({ message: "There is nothing to undo." });
    }
    expect([400, 409, 413, 422].map((status) => result(status))).toMatchObject([
      { message: "no" }, { message: "no" }, { message: "too large" }, { message: "no" },
    ]);
  });
});

describe("the pace of saving", () => {
  let now = 0;
  let timers: { at: number; run: () => void }[] = [];
  const clock: Clock = {
    now: () => now,
    after: (ms, run) => {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => (timers = timers.filter((each) => each !== timer));
    },
  };
  const pass = (ms: number) => {
    const end = now + ms;
    for (;;) {
      const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      timers = timers.filter((each) => each !== next);
      now = next.at;
      next.run();
    }
    now = end;
  };
  beforeEach(() => {
    now = 0;
    timers = [];
  });

  it("saves half a second after the last key", () => {
    const save = vi.fn();
    const pace = new Pace(save, clock);
    pace.typed();
    pass(300);
    pace.typed();
    pass(499);
    expect(save).not.toHaveBeenCalled();
    pass(1);
    expect(save).toHaveBeenCalledOnce();
  });

  it("saves during steady typing at the latest after three seconds", () => {
    const times: number[] = [];
    const pace = new Pace(() => times.push(now), clock);
    for (let i = 0; i < 100; i++) {
      pace.typed();
      pass(100);
    }
    expect(times[0]).toBeLessThanOrEqual(3000);
    expect(times.length).toBeGreaterThanOrEqual(3);
  });

  it("saves at once when asked to, and once", () => {
    const save = vi.fn();
    const pace = new Pace(save, clock);
    pace.typed();
    pace.now();
    pass(5000);
    expect(save).toHaveBeenCalledOnce();
  });

  it("waits for the end of an IME composition", () => {
    const save = vi.fn();
    const pace = new Pace(save, clock);
    pace.compositionStarted();
    pace.typed();
    pass(5000);
    expect(save).not.toHaveBeenCalled();
    pace.compositionEnded();
    pass(0);
    expect(save).toHaveBeenCalledOnce();
  });
});

describe("paths", () => {
  it("overlap when one is the other or inside of it", () => {
    expect(overlap("a", "a.b")).toBe(true);
    expect(overlap("a.b", "a")).toBe(true);
    expect(overlap("ab", "a")).toBe(false);
  });

  it("follow a rename", () => {
    expect(renamed("v.old.type", "v.old", "v.new")).toBe("v.new.type");
    expect(renamed("v.older.type", "v.old", "v.new")).toBe("v.older.type");
    expect(replacePath("field-v.old.type_error", "v.old", "v.new")).toBe("field-v.new.type_error");
    expect(replacePath("remove:v:old", "v.old", "v.new")).toBe("remove:v:old");
  });
});

describe("what is sent", () => {
  it("names every changed field, also those without a value", () => {
    const body = encode({ on: true, off: false, list: ["a", "b"], none: [], text: "x" }, "id");
    expect(body.getAll("_changed")).toEqual(["on", "off", "list", "none", "text"]);
    expect(body.getAll("list")).toEqual(["a", "b"]);
    expect(body.has("off")).toBe(false);
    expect(body.get("on")).toBe("on");
  });

  it("is tried again ever more slowly", () => {
    expect([1, 2, 3, 20].map((n) => delay(n, () => 1))).toEqual([500, 1000, 2000, 30_000]);
  });
});

describe("what this browser keeps", () => {
  const memory = (): Store => {
    const map = new Map<string, string>();
    return {
      get length() {
        return map.size;
      },
      key: (index) => [...map.keys()][index] ?? null,
      getItem: (key) => map.get(key) ?? null,
      setItem: (key, value) => void map.set(key, value),
      removeItem: (key) => void map.delete(key),
    };
  };
  const close = (keeper: Keeper) => {
    keeper.closed = true;
    keeper.keep(typed("a"));
  };
  const typed = (value: string) => {
    const box = new Outbox(1);
    box.edit("name", value);
    return box.contents;
  };

  it("is taken over by the next page once the page is closed", () => {
    const store = memory();
    close(new Keeper(store, "u:d", "one"));
    const next = new Keeper(store, "u:d", "two");
    const { contents, forget } = next.left();
    expect(contents.pending).toEqual({ name: { value: "a", base: 1 } });
    forget();
    expect(next.left().contents.pending).toEqual({});
  });

  it("stays where it is until it is forgotten, and no more is forgotten than was read", () => {
    const store = memory();
    close(new Keeper(store, "u:d", "one"));
    const next = new Keeper(store, "u:d", "two");
    const { forget } = next.left();
    close(new Keeper(store, "u:d", "three"));
    expect(Object.keys(next.left().contents.pending)).toEqual(["name"]);
    forget();
    expect(Object.keys(next.left().contents.pending)).toEqual(["name"]);
    next.left().forget();
    expect(next.left().contents).toEqual(empty());
  });

  it("is left to a page that is alive, and taken from one that crashed", () => {
    const store = memory();
    let now = 0;
    new Keeper(store, "u:d", "one", () => now).keep(typed("a"));
    const next = new Keeper(store, "u:d", "two", () => now);
    expect(next.left().contents.pending).toEqual({});
    now = 60_000;
    expect(next.left().contents.pending).toHaveProperty("name");
  });

  it("belongs to one person and draft", () => {
    const store = memory();
    close(new Keeper(store, "u:d", "one"));
    expect(new Keeper(store, "other:d", "two").left().contents.pending).toEqual({});
  });

  it("is forgotten after a month", () => {
    const store = memory();
    new Keeper(store, "u:old", "one", () => 0).leave(typed("a"));
    new Keeper(store, "u:new", "two", () => 29 * 24 * 3600_000).leave(typed("b"));
    store.setItem("another", "stays");
    forgetOldRecords(store, 31 * 24 * 3600_000);
    expect(Array.from({ length: store.length }, (_, i) => store.key(i))).toEqual(["privexbot:outbox:u:new:two", "another"]);
  });

  it("says when there is no room", () => {
    const store = { ...memory(), setItem: () => { throw new Error("full"); } };
    const keeper = new Keeper(store, "u:d", "one");
    keeper.keep(typed("a"));
    expect(keeper.works).toBe(false);
  });
});
