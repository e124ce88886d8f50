// Which part of the flow is looked at: kept for this tab, never in the flow.
import type { Viewport } from "@xyflow/react";
import type { Box } from "./arrange";
import type { Position } from "./types";

/** The words on a card cannot be read at less. */
const READABLE = 0.5;
/** Pixels around a card that comes into view: above it are buttons, beside it its ways on. */
const MARGIN: Position = { x: 40, y: 64 };
/** What is nearer to the edge than this is cut off, with what is pressed to connect it. */
const EDGE: Position = { x: 12, y: 12 };

/** The view nearest to `view` that shows the box in `room`; `view` itself where it does. It is shifted as far as it
 * has to be, and never zoomed, unless what cannot be read is to come `near`. */
export function seeing(box: Box, view: Viewport, room: Position, near = false): Viewport {
  const zoom = near ? Math.max(view.zoom, READABLE) : view.zoom;
  const size: Position = { x: box.width, y: box.height };
  // What grows keeps its middle where it is.
  const start = (axis: keyof Position): number => (box[axis] + size[axis] / 2) * view.zoom + view[axis] - (size[axis] * zoom) / 2;
  // What is larger than the room has to fill it.
  const within = (axis: keyof Position, margin: Position): number => {
    const ends = [margin[axis], room[axis] - size[axis] * zoom - margin[axis]];
    return Math.max(Math.min(...ends), Math.min(start(axis), Math.max(...ends)));
  };
  const isSeen = (axis: keyof Position): boolean => within(axis, EDGE) === start(axis);
  if (zoom === view.zoom && isSeen("x") && isSeen("y")) return view;
  const place = (axis: keyof Position): number => within(axis, isSeen(axis) ? EDGE : MARGIN) - box[axis] * zoom;
  return { x: place("x"), y: place("y"), zoom };
}

const key = (): string => `canvas:${location.pathname}`;

type Size = Pick<Element, "clientWidth" | "clientHeight">;

/** Whether a view shows something whole, and cuts nothing off that it has room for. */
export function shows({ x, y, zoom }: Viewport, boxes: Box[], { clientWidth, clientHeight }: Size): boolean {
  const edges = boxes.map((box) => [box.x * zoom + x, box.y * zoom + y, (box.x + box.width) * zoom + x, (box.y + box.height) * zoom + y] as const);
  const whole = edges.filter(([left, top, right, bottom]) => left >= 0 && top >= 0 && right <= clientWidth && bottom <= clientHeight).length;
  const [left, top, right, bottom] = [0, 1, 2, 3].map((at) => Math[at < 2 ? "min" : "max"](...edges.map((each) => each[at]!))) as [number, number, number, number];
  return whole === boxes.length || (whole > 0 && (right - left > clientWidth || bottom - top > clientHeight));
}

/** The view that was left here, as long as it is of use for what there is now. */
export function keptView(boxes: Box[], size: Size): Viewport | null {
  try {
    const view = JSON.parse(sessionStorage.getItem(key()) ?? "null") as Viewport | null;
    return view && [view.x, view.y, view.zoom].every(Number.isFinite) && shows(view, boxes, size) ? view : null;
  } catch {
    return null;
  }
}

export function keepView({ x, y, zoom }: Viewport): void {
  try {
    sessionStorage.setItem(key(), JSON.stringify({ x: Math.round(x), y: Math.round(y), zoom }));
  } catch {
    // Storage may be forbidden; then the whole flow is shown next time.
  }
}
