// Which part of the flow is looked at: kept for this tab, never in the flow.
import type { Viewport } from "@xyflow/react";
import type { Box } from "./arrange";

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
