import { beforeEach, expect, test } from "vitest";
import { next } from "../menus";

let items: HTMLElement[];

beforeEach(() => {
  document.body.innerHTML = "<b>Open</b><b>Duplicate</b><b>Delete</b>";
  items = [...document.querySelectorAll("b")];
});

test.each([
  ["ArrowDown", 0, 1],
  ["ArrowDown", 2, 0],
  ["ArrowUp", 0, 2],
  ["Home", 2, 0],
  ["End", 0, 2],
  ["d", 0, 1],
  ["d", 1, 2],
  ["D", 2, 1],
])("%s from item %d leads to item %d", (key, from, to) => {
  expect(next(items, from, key)).toBe(items[to]);
});

test("other keys lead nowhere", () => {
  for (const key of ["Enter", "Escape", " ", "z"]) expect(next(items, 0, key)).toBeUndefined();
});
