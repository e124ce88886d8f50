// What a field's place for errors says.
import { boxesOf } from "./fields";

const placeOf = (path: string): HTMLElement | null => document.getElementById(`field-${path}_error`);

export const hasError = (path: string): boolean => placeOf(path)?.hidden === false;

/** The words under a field in place of its help; empty words bring the help back. */
export function setError(path: string, message: string): void {
  const error = placeOf(path);
  if (!error) return;
  const words = error.querySelector("span");
  if (words) words.textContent = message;
  error.hidden = !message;
  const help = document.getElementById(`field-${path}_helptext`);
  if (help) help.hidden = Boolean(message);
  for (const box of boxesOf(path)) {
    if (message) box.setAttribute("aria-invalid", "true");
    else box.removeAttribute("aria-invalid");
  }
}
