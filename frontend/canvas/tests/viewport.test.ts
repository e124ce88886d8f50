import { beforeEach, expect, it } from "vitest";
import { keepView, keptView, seeing, shows } from "../viewport";

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

const room = { x: 1000, y: 600 };
const view = { x: 0, y: 0, zoom: 1 };

it("stays as it is where the card is seen whole", () => {
  expect(seeing(box(300, 200), view, room)).toBe(view);
});

it("is shifted only as far as it has to be, and not zoomed", () => {
  expect(seeing(box(900, 200), view, room)).toEqual({ x: -180, y: 0, zoom: 1 });
  expect(seeing(box(300, 700), { ...view, zoom: 0.8 }, room)).toEqual({ x: 0, y: -72, zoom: 0.8 });
  expect(seeing(box(-500, -300), view, room)).toEqual({ x: 540, y: 364, zoom: 1 });
});

it("stays with a card that is larger than the canvas while it fills that", () => {
  const close = { x: -900, y: -500, zoom: 10 };
  expect(seeing({ ...box(0), height: 200 }, close, room)).toBe(close);
});

it("comes nearer to what cannot be read, which stays where it is", () => {
  const far = { x: 0, y: 0, zoom: 0.25 };
  const near = seeing(box(1880, 970), far, room, true);
  expect(near).toEqual({ x: -500, y: -250, zoom: 0.5 });
  expect(seeing(box(300, 200), view, room, true)).toBe(view);
});
