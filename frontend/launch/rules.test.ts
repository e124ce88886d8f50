import { describe, expect, it } from "vitest";
import { due, fits, next, scrolled } from "./rules";
import type { Invitation } from "./types";

const ANY: Invitation = {
  id: "a",
  text: "Hello",
  quick_replies: [],
  page_match: "any",
  page: "",
  when: "time",
  seconds: 10,
  percent: 50,
  repeat: "visitor",
};
const READING = { href: "https://shop.example/bikes?size=m#top", seconds: 0, percent: 0, leaving: false };

describe("Pages", () => {
  it.each([
    ["contains", "bikes", true],
    ["contains", "size=m", true],
    ["contains", "#top", false],
    ["contains", "shop.example", true],
    ["begins_with", "/bikes", true],
    ["begins_with", "/shop", false],
    ["begins_with", "https://shop.example/", true],
    ["begins_with", "https://other.example/", false],
    ["equals", "/bikes", true],
    ["equals", " /bikes/ ", true],
    ["equals", "/bikes?size=m", true],
    ["equals", "/bikes?size=s", false],
    ["equals", "/bike", false],
    ["equals", "https://shop.example/bikes", true],
    ["any", "", true],
  ] as const)("that %s %s: %s", (page_match, page, expected) => {
    expect(fits({ ...ANY, page_match, page }, READING.href)).toBe(expected);
  });

  it("are the same with and without the last slash, also the first one", () => {
    expect(fits({ ...ANY, page_match: "equals", page: "/" }, "https://shop.example/?from=mail")).toBe(true);
    expect(fits({ ...ANY, page_match: "equals", page: "/" }, "https://shop.example/bikes")).toBe(false);
  });
});

describe("The moment", () => {
  it("comes after so many seconds", () => {
    expect(due(ANY, { ...READING, seconds: 9 })).toBe(false);
    expect(due(ANY, { ...READING, seconds: 10 })).toBe(true);
  });

  it("comes so far down, however long that takes", () => {
    const scrolling: Invitation = { ...ANY, when: "scroll" };
    expect(due(scrolling, { ...READING, seconds: 99, percent: 49 })).toBe(false);
    expect(due(scrolling, { ...READING, percent: 50 })).toBe(true);
  });

  it("comes when the pointer leaves", () => {
    const leaving: Invitation = { ...ANY, when: "leaving" };
    expect(due(leaving, { ...READING, seconds: 99, percent: 100 })).toBe(false);
    expect(due(leaving, { ...READING, leaving: true })).toBe(true);
  });
});

it("is the turn of the first that was not seen", () => {
  const both = [ANY, { ...ANY, id: "b" }];
  const later = { ...READING, seconds: 10 };
  expect(next(both, later, () => false)?.id).toBe("a");
  expect(next(both, later, ({ id }) => id === "a")?.id).toBe("b");
  expect(next(both, READING, () => false)).toBeUndefined();
});

it("counts a short page as read", () => {
  expect(scrolled(0, 800, 600)).toBe(100);
  expect(scrolled(0, 500, 1000)).toBe(50);
  expect(scrolled(501, 500, 1000)).toBe(100);
});
