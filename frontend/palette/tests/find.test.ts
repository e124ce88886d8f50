import { expect, test } from "vitest";
import { best, fit } from "../find";

const entries = [
  { label: "Analytics", url: "/analytics" },
  { label: "Leads", url: "/leads" },
  { label: "Support assistant", url: "/s" },
  { label: "Assistant for sales", url: "/a" },
];

test("a label that starts with the words comes first", () => {
  expect(best("ass", entries).map(({ url }) => url)).toEqual(["/a", "/s"]);
});

test("letters in order are enough, letters out of order are not", () => {
  expect(fit("spst", "Support assistant")).toBeGreaterThan(0);
  expect(fit("tss", "Leads")).toBe(0);
});

test("an address is listed once, at its best place", () => {
  const twice = [...entries, { label: "Leads of today", url: "/leads" }];
  expect(best("leads", twice)).toHaveLength(1);
});

test("without words everything is listed in its own order", () => {
  expect(best("", entries)).toEqual(entries);
});
