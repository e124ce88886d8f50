import { beforeEach, expect, it } from "vitest";
import { keepView, keptView, shows } from "../viewport";

const size = { clientWidth: 1000, clientHeight: 600 };
const box = (x: number, y = 0) => ({ id: `${x}`, x, y, width: 240, height: 60 });

beforeEach(() => sessionStorage.clear());

it("a kept view is of use while it shows all, or a part of what is larger than the canvas", () => {
  const row = [box(0), box(400), box(700)];
  expect(shows({ x: 20, y: 50, zoom: 1 }, row, size)).toBe(true);
  expect(shows({ x: -400, y: 50, zoom: 2 }, row, size)).toBe(true);
  expect(shows({ x: 0, y: 0, zoom: 1 }, [], size)).toBe(true);
});

it("one that cuts what it has room for, or shows nothing whole, is not", () => {
  const row = [box(0), box(400), box(700)];
  expect(shows({ x: 100, y: 50, zoom: 1 }, row, size)).toBe(false);
  expect(shows({ x: 20, y: -30, zoom: 1 }, row, size)).toBe(false);
  expect(shows({ x: -5000, y: 50, zoom: 1 }, row, size)).toBe(false);
  expect(shows({ x: -5000, y: 50, zoom: 2 }, row, size)).toBe(false);
});

it("is kept for this tab", () => {
  keepView({ x: 20.4, y: 50, zoom: 1 });
  expect(keptView([box(0)], size)).toEqual({ x: 20, y: 50, zoom: 1 });
  expect(keptView([box(4000)], size)).toBeNull();
});
