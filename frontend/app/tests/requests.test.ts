import { beforeEach, expect, test } from "vitest";
import { problemWords, wordsFor } from "../requests";

beforeEach(() => {
  document.body.innerHTML = `<div id="toasts" data-text-failed="failed" data-text-refused="refused"
    data-text-forbidden="forbidden" data-text-gone="gone" data-text-busy="again in {n}"></div>`;
});

test("a problem is told in its own words", () => {
  const body = `{"title":"Conflict","status":409,"detail":"The draft moved on."}`;
  expect(wordsFor(409, "application/problem+json", body, "")).toBe("The draft moved on.");
  expect(problemWords("application/problem+json", `{"title":"Not found"}`)).toBe("Not found");
});

test("a page that is not a problem is never shown as text", () => {
  expect(problemWords("text/html", "<html>")).toBe("");
  expect(problemWords("application/json", "not json")).toBe("");
});

test.each([
  [500, "failed"],
  [503, "failed"],
  [400, "refused"],
  [403, "forbidden"],
  [404, "gone"],
  [429, "again in 7"],
  [422, ""],
  [409, ""],
])("status %d without a problem is told as %o", (status, words) => {
  expect(wordsFor(status, "text/html", "", "7")).toBe(words);
});
