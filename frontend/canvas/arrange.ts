// Where nodes go: aligned, spread, or in a free place. Knows boxes and nothing else.
import type { Position } from "./types";

export interface Box extends Position {
  id: string;
  width: number;
  height: number;
}

export const WIDTH = 240;
const HEIGHT = 72;
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

/** The place nearest below `wanted` where a new card covers no other. */
export function freePlace(boxes: Box[], wanted: Position): Position {
  let { x, y } = wanted;
  const covered = (): Box | undefined =>
    boxes.find((box) => x < end(box, "x") + 20 && x + WIDTH + 20 > box.x && y < end(box, "y") + 20 && y + HEIGHT + 20 > box.y);
  for (let box = covered(); box; box = covered()) y = end(box, "y") + 20;
  return { x: Math.round(x), y: Math.round(y) };
}

/** How far down all of `fresh` has to go together so that it covers none of `boxes`. */
export function clearance(boxes: Box[], fresh: Box[]): number {
  const covered = (down: number): boolean =>
    fresh.some((one) =>
      boxes.some((box) => one.x < end(box, "x") && end(one, "x") > box.x && one.y + down < end(box, "y") + 20 && end(one, "y") + down > box.y - 20),
    );
  let down = 0;
  while (covered(down)) down += 20;
  return down;
}

/** How far what comes after has to go to the right so that a card fits between. */
export const shortOf = (from: Box, to: Box): number => Math.max(0, end(from, "x") + WIDTH + 2 * GAP.x - to.x);
