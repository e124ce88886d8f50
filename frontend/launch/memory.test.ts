import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { memory } from "./memory";
import type { Invitation } from "./types";

const invitation = (id: string, repeat: Invitation["repeat"]): Invitation => ({
  id,
  repeat,
  text: "",
  quick_replies: [],
  page_match: "any",
  page: "",
  when: "time",
  seconds: 0,
  percent: 0,
});

describe("What is remembered", () => {
  beforeEach(() => {
    localStorage.clear();
    sessionStorage.clear();
  });
  afterEach(() => vi.restoreAllMocks());

  it("lasts as long as it was set", () => {
    const [visitor, visit, page] = [invitation("a", "visitor"), invitation("b", "visit"), invitation("c", "page")];
    for (const each of [visitor, visit, page]) memory("m").note(each);
    expect([visitor, visit, page].map(memory("m").seen)).toEqual([true, true, false]);
    // Another visit: the tab was closed.
    sessionStorage.clear();
    expect([visitor, visit, page].map(memory("m").seen)).toEqual([true, false, false]);
    expect(memory("another").seen(visitor)).toBe(false);
  });

  it("is that the visitor wants no more", () => {
    expect(memory("m").dismissed()).toBe(false);
    memory("m").dismiss();
    sessionStorage.clear();
    expect(memory("m").dismissed()).toBe(true);
  });

  it("outlives rubbish and a browser that keeps nothing", () => {
    localStorage.setItem("m", '{"seen": 7}');
    const odd = memory("m");
    expect(odd.seen(invitation("a", "visitor"))).toBe(false);
    vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
      throw new Error("full");
    });
    vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => {
      throw new Error("blocked");
    });
    odd.note(invitation("a", "visitor"));
    odd.dismiss();
    expect(odd.seen(invitation("a", "visitor"))).toBe(true);
    expect(odd.dismissed()).toBe(true);
  });
});
