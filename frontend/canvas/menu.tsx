// A menu of commands at a point. Arrows, Home, End and letters walk; Esc and Tab leave.
import { useLayoutEffect, useRef, type KeyboardEvent } from "react";
import { next } from "../app/menus";
import { useFloating, useOutside } from "./floating";
import { Icon } from "./icon";
import type { Position } from "./types";

export interface Item {
  label: string;
  icon?: string;
  keys?: string;
  danger?: boolean;
  run: () => void;
}

/** Groups of items, a line between two. */
export function Menu({ label, groups, at, onClose }: { label: string; groups: Item[][]; at: Position; onClose: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  useFloating(place, at);
  useOutside(place, onClose);
  const items = (): HTMLElement[] => [...place.current!.querySelectorAll<HTMLElement>("[role=menuitem]")];
  useLayoutEffect(() => items()[0]?.focus(), []);
  const pressed = (event: KeyboardEvent): void => {
    event.stopPropagation();
    if (event.key === "Escape" || event.key === "Tab") onClose();
    else next(items(), items().indexOf(document.activeElement as HTMLElement), event.key)?.focus();
    if (event.key !== "Enter" && event.key !== " ") event.preventDefault();
  };
  return (
    <div ref={place} popover="manual" role="menu" aria-label={label} className="canvas-menu" onKeyDown={pressed} onContextMenu={(event) => event.preventDefault()}>
      {groups.filter((group) => group.length).map((group, at) => (
        <div key={at} role="group" aria-label={label}>
          {group.map((item) => (
            <button
              key={item.label}
              type="button"
              role="menuitem"
              tabIndex={-1}
              className="menu-item"
              data-tone={item.danger ? "danger" : undefined}
              onClick={() => {
                onClose();
                item.run();
              }}
            >
              {item.icon && <Icon name={item.icon} />}
              <span>{item.label}</span>
              {item.keys && <kbd>{item.keys}</kbd>}
            </button>
          ))}
        </div>
      ))}
    </div>
  );
}
