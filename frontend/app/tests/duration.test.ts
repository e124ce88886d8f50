import { expect, test } from "vitest";
import { duration } from "../duration";

test("a duration is read in the unit that suits it, with the page's comma", () => {
  expect([80, 1234, 90_000].map((ms) => duration(ms, "en"))).toEqual(["80 ms", "1.2 s", "1.5 min"]);
  expect(duration(1234, "de")).toBe("1,2 s");
});
