// Opening and closing: focus, full screen on a phone, what the launcher says.
import { emit, keep, type Widget } from "./model";

export const phone = matchMedia("(max-width:480px),(max-height:480px)");

/** Put the cursor where the visitor goes on: the message, or the first field of what is `asked`. */
export function focus({ form, input, inline, composer }: Widget, asked = composer.hidden): void {
  const field = (asked && form?.querySelector<HTMLElement>("input, select")) || input;
  field.focus({ preventScroll: inline });
}

/** Show or hide the panel; with `by` the visitor, move the focus as well. */
export function show(w: Widget, open: boolean, by = true): void {
  const { opener, panel, launcher } = w;
  if (w.inline || open === w.isOpen) return;
  const inside = w.shadow.activeElement;
  if (open) w.opener = inside ?? document.activeElement;
  w.isOpen = open;
  panel.hidden = !open;
  launcher.ariaExpanded = `${open}`;
  called(w);
  cover(w);
  if (open && by) focus(w);
  if (!open && inside) (opener?.isConnected && opener !== document.body ? (opener as HTMLElement) : launcher).focus();
  keep(w, { open });
  emit(w, open ? "open" : "close");
}

/** Say on the launcher what it does, and whether an answer came while the panel was closed. */
export function called({ badge, launcher, say, isOpen }: Widget, unread = false): void {
  badge.hidden = !unread;
  launcher.title = say(isOpen ? "close" : unread ? "unread" : "open");
}

/** A full screen is modal: the page behind it neither scrolls nor takes the focus. */
function cover({ whole, panel, isOpen, inline }: Widget): void {
  const full = isOpen && !inline && phone.matches;
  if (full === whole.classList.contains("full")) return;
  whole.classList.toggle("full", full);
  panel.ariaModal = `${full}`;
  document.body?.toggleAttribute("inert", full);
  document.documentElement.style.overflow = full ? "hidden" : "";
}

/** Set properties of the widget's style. */
export function dress({ whole }: Widget, style: Record<string, string>): void {
  for (const name in style) whole.style.setProperty(name, style[name]!);
}

/** Follow the screen: it is turned, or a keyboard takes room from it. */
export function follow(w: Widget): void {
  const screen = visualViewport!;
  const fit = (): void => {
    dress(w, { "--height": `${screen.height}px`, "--top": `${screen.offsetTop}px` });
  };
  phone.addEventListener("change", () => cover(w), { signal: w.life });
  for (const name of ["resize", "scroll"]) screen.addEventListener(name, fit, { signal: w.life });
  fit();
}
