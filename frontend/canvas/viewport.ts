// Which part of the flow is looked at: kept for this tab, never in the flow.
import type { Viewport } from "@xyflow/react";

const key = (): string => `canvas:${location.pathname}`;

export function keptView(): Viewport | null {
  try {
    const view = JSON.parse(sessionStorage.getItem(key()) ?? "null") as Viewport | null;
    return view && [view.x, view.y, view.zoom].every(Number.isFinite) ? view : null;
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
