// <dialog>s: opened by data-opens, closed by data-closes or a press outside; #modal opens itself
// when the server has put something into it, and is empty again when it closes.
import { byId, on } from "./page";

export function openDialog(dialog: HTMLDialogElement): void {
  for (const open of document.querySelectorAll<HTMLElement>("[popover]:popover-open")) open.hidePopover();
  if (!dialog.open) dialog.showModal();
}

function pressedOutside(dialog: HTMLDialogElement, event: MouseEvent): boolean {
  const box = dialog.getBoundingClientRect();
  const within = (at: number, from: number, to: number) => at >= from && at <= to;
  return !within(event.clientX, box.left, box.right) || !within(event.clientY, box.top, box.bottom);
}

function closeOutside(): void {
  let pressed: HTMLDialogElement | null = null;
  document.addEventListener("mousedown", (event) => {
    const dialog = event.target as HTMLElement;
    pressed = dialog instanceof HTMLDialogElement && pressedOutside(dialog, event) ? dialog : null;
  });
  document.addEventListener("mouseup", (event) => {
    if (pressed && pressed === event.target && pressedOutside(pressed, event)) pressed.close();
    pressed = null;
  });
}

function followModal(modal: HTMLDialogElement): void {
  new MutationObserver(() => {
    if (!modal.childElementCount) return modal.close();
    const heading = modal.querySelector("h1, h2");
    if (heading) {
      heading.id ||= "modal-title";
      modal.setAttribute("aria-labelledby", heading.id);
    }
    openDialog(modal);
  }).observe(modal, { childList: true });
  modal.addEventListener("close", () => modal.replaceChildren());
}

export function dialogs(): void {
  on("click", "[data-opens]", (button) => {
    const dialog = byId<HTMLDialogElement>(button.dataset.opens ?? "");
    if (dialog) openDialog(dialog);
  });
  on("click", "[data-closes]", (button) => button.closest("dialog")?.close());
  closeOutside();
  const modal = byId<HTMLDialogElement>("modal");
  if (modal) followModal(modal);
}
