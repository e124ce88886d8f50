// Puts what floats over the page below a point, or above it where there is no room.
import { useLayoutEffect, type RefObject } from "react";
import type { Position } from "./types";

const MARGIN = 8;

/** Opens the popover at the point, with the focus in its box if it has one. On a phone it is a sheet from below, which the stylesheet places. */
export function useFloating(ref: RefObject<HTMLElement | null>, at: Position): void {
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    element.showPopover?.();
    element.querySelector("input")?.focus({ preventScroll: true });
    if (matchMedia("(max-width: 40rem)").matches) return;
    const { width, height } = element.getBoundingClientRect();
    element.style.left = `${Math.max(MARGIN, Math.min(at.x, innerWidth - width - MARGIN))}px`;
    const below = at.y + height <= innerHeight - MARGIN;
    element.style.top = `${Math.max(MARGIN, below ? at.y : Math.min(at.y, innerHeight - MARGIN) - height)}px`;
  }, [ref, at.x, at.y]);
}

/** Calls `leave` when something outside is pressed. */
export function useOutside(ref: RefObject<HTMLElement | null>, leave: () => void): void {
  useLayoutEffect(() => {
    const pressed = (event: Event): void => {
      if (!ref.current?.contains(event.target as Node)) leave();
    };
    document.addEventListener("pointerdown", pressed, true);
    return () => document.removeEventListener("pointerdown", pressed, true);
  });
}
