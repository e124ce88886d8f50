// Popover menus: arrows, Home, End and letters walk; Esc and Tab leave; the button knows whether
// its menu is open. Opening and closing itself is the browser's.
import { on } from "./page";

const ITEMS = "[role^=menuitem]:not(:disabled, [aria-disabled=true])";

const itemsOf = (menu: HTMLElement) =>
  [...menu.querySelectorAll<HTMLElement>(ITEMS)].filter((item) => item.checkVisibility());
const buttonOf = (menu: HTMLElement) =>
  document.querySelector<HTMLElement>(`[popovertarget="${CSS.escape(menu.id)}"]`);

/** The item that `key` leads to from the one at `index`, if any. */
export function next(items: HTMLElement[], index: number, key: string): HTMLElement | undefined {
  const count = items.length;
  if (key === "ArrowDown") return items[(index + 1) % count];
  if (key === "ArrowUp") return items[(index - 1 + count) % count];
  if (key === "Home") return items[0];
  if (key === "End") return items[count - 1];
  if (key.length !== 1 || key === " ") return undefined;
  const after = [...items.slice(index + 1), ...items.slice(0, index + 1)];
  return after.find((item) => item.textContent?.trim().toLowerCase().startsWith(key.toLowerCase()));
}

function walk(menu: HTMLElement, event: KeyboardEvent): void {
  if (event.key === "Tab") return menu.hidePopover();
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const items = itemsOf(menu);
  const target = next(items, items.indexOf(document.activeElement as HTMLElement), event.key);
  if (!target) return;
  event.preventDefault();
  target.focus();
}

/** Where CSS cannot tie the menu to its button, put it there by hand. */
function place(menu: HTMLElement, button: HTMLElement): void {
  if (CSS.supports("position-area: block-end")) return;
  const at = button.getBoundingClientRect();
  const box = menu.getBoundingClientRect();
  const below = at.bottom + 4 + box.height <= innerHeight;
  const left = menu.dataset.align === "end" ? at.right - box.width : at.left;
  menu.style.top = `${below ? at.bottom : Math.max(8, at.top - box.height - 8)}px`;
  menu.style.left = `${Math.min(Math.max(8, left), innerWidth - box.width - 8)}px`;
}

function toggled(menu: HTMLElement, open: boolean): void {
  const button = buttonOf(menu);
  button?.setAttribute("aria-expanded", String(open));
  if (!open || !button) return;
  place(menu, button);
  (menu.querySelector<HTMLElement>("[aria-checked=true], [aria-current=true]") ?? itemsOf(menu)[0])?.focus();
}

export function menus(): void {
  document.addEventListener(
    "toggle",
    (event) => {
      const menu = event.target as HTMLElement;
      if (menu.matches?.("[role=menu][popover]")) toggled(menu, (event as ToggleEvent).newState === "open");
    },
    true,
  );
  on<KeyboardEvent>("keydown", "[role=menu][popover]", walk);
  on("click", "[role=menu][popover] [role^=menuitem]", (item) => {
    item.closest<HTMLElement>("[popover]")?.hidePopover();
  });
  on<KeyboardEvent>("keydown", "[aria-haspopup=menu][popovertarget]", (button, event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    button.click();
  });
}
