// Where nodes go: aligned, spread, or in a free place. Knows boxes and nothing else.
import type { Position } from "./types";

export interface Box extends Position {
  id: string;
  width: number;
  height: number;
}

export const WIDTH = 240;
/** Between two nodes, side by side and one above the other. */
export const GAP = { x: 96, y: 40 };

export type Side = "left" | "center" | "right" | "top" | "middle" | "bottom";
export type Axis = "x" | "y";
type Places = [string, Position][];

const end = (box: Box, axis: Axis): number => box[axis] + (axis === "x" ? box.width : box.height);
const length = (box: Box, axis: Axis): number => (axis === "x" ? box.width : box.height);

/** Every box with that side on one line: the outermost one's, or the middle of all. */
export function aligned(boxes: Box[], side: Side): Places {
  const axis: Axis = side === "left" || side === "center" || side === "right" ? "x" : "y";
  const first = Math.min(...boxes.map((box) => box[axis]));
  const last = Math.max(...boxes.map((box) => end(box, axis)));
  const at = (box: Box): number => {
    if (side === "left" || side === "top") return first;
    if (side === "right" || side === "bottom") return last - length(box, axis);
    return (first + last - length(box, axis)) / 2;
  };
  return boxes.map((box) => [box.id, { x: box.x, y: box.y, [axis]: at(box) }]);
}

/** The same gap between all; the outermost stay where they are. */
export function distributed(boxes: Box[], axis: Axis): Places {
  const row = [...boxes].sort((one, other) => one[axis] - other[axis]);
  const [first, last] = [row[0], row.at(-1)];
  if (!first || !last || row.length < 3) return [];
  const room = end(last, axis) - first[axis] - row.reduce((sum, box) => sum + length(box, axis), 0);
  const gap = room / (row.length - 1);
  let at = first[axis];
  return row.map((box) => {
    const place: [string, Position] = [box.id, { x: box.x, y: box.y, [axis]: at }];
    at += length(box, axis) + gap;
    return place;
  });
}

const APART = 20;

/** Whether a card covers another, or comes too close to it. */
export const covers = (one: Box, other: Box, down = 0): boolean =>
  one.x < end(other, "x") + APART && other.x < end(one, "x") + APART && one.y + down < end(other, "y") + APART && other.y < end(one, "y") + down + APART;

/** How far down all of `fresh` has to go together so that it covers none of `boxes`. */
export function clearance(boxes: Box[], fresh: Box[]): number {
  let down = 0;
  const lower = (): number => Math.max(...fresh.flatMap((one) => boxes.flatMap((box) => (covers(one, box, down) ? end(box, "y") + APART - one.y : []))));
  for (let next = lower(); next > down; next = lower()) down = next;
  return down;
}

/** New places for what stood below a card that is `more` higher now, so that it covers none of it; and for what that
 * would cover. */
export function below(boxes: Box[], card: Box, more: number): Places {
  const low = [card];
  const others = boxes.filter(({ y }) => y >= end(card, "y") - more).sort((one, other) => one.y - other.y);
  return others.flatMap((box): Places => {
    const y = box.y + clearance(low, [box]);
    if (y === box.y) return [];
    low.push({ ...box, y });
    return [[box.id, { x: box.x, y }]];
  });
}

/** How low a line runs that leads from one card to another on its left: between them or `below` both, and through
 * none of `boxes`. */
export function passage(boxes: Box[], from: Box, to: Box, below: boolean): number {
  const [upper, lower] = [Math.min(end(from, "y"), end(to, "y")), Math.max(from.y, to.y)];
  const others = boxes.filter(({ id }) => id !== from.id && id !== to.id);
  const clear = (y: number): number => y + clearance(others, [{ id: "", x: to.x, y, width: end(from, "x") - to.x, height: 0 }]);
  const between = (upper + lower) / 2;
  return below || lower - upper < 24 || clear(between) > between ? clear(Math.max(end(from, "y"), end(to, "y")) + 28) : between;
}

/** How far what comes after has to go to the right so that a card fits between. */
export const shortOf = (from: Box, to: Box): number => Math.max(0, end(from, "x") + WIDTH + 2 * GAP.x - to.x);
