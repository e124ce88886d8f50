import { beforeEach, expect, test } from "vitest";
import { refresh, relative } from "../times";

const now = new Date("2026-11-22T12:00:00Z");
const ago = (seconds: number) => relative(new Date(now.getTime() - seconds * 1000), now, "en");

beforeEach(() => document.body.replaceChildren());

test.each([
  [3, "now"],
  [59, "59 seconds ago"],
  [61, "1 minute ago"],
  [3 * 3600 + 59, "3 hours ago"],
  [86_400, "yesterday"],
  [-7200, "in 2 hours"],
  [-86_400, "in 24 hours"],
  [-86_395, "in 24 hours"],
  [-23.2 * 3600, "in 23 hours"],
  [-3595, "in 60 minutes"],
])("%d seconds are told as %s", (seconds, words) => expect(ago(seconds)).toBe(words));

test("the full time stays in the title", () => {
  document.body.innerHTML = `<time datetime="2026-11-22T11:58:00Z" data-relative>22 November</time>`;
  refresh(document, now);
  const time = document.querySelector("time")!;
  expect(time.textContent).toBe("2 minutes ago");
  expect(time.title).toContain("2026");
});

test("a time that cannot be read is left as the server wrote it", () => {
  document.body.innerHTML = `<time datetime="" data-relative>never</time>`;
  refresh(document, now);
  expect(document.querySelector("time")!.textContent).toBe("never");
});
