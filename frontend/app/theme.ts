// Light, dark or like the device. The server writes the cookie's value into <html>, so no flash.
import { keepCookie } from "./cookies";
import { on } from "./page";

export function setTheme(theme: string): void {
  keepCookie("theme", theme);
  document.documentElement.dataset.theme = theme;
  for (const item of document.querySelectorAll<HTMLElement>("[data-set-theme]")) {
    item.setAttribute("aria-checked", String(item.dataset.setTheme === theme));
  }
}

export function themes(): void {
  on("click", "[data-set-theme]", (item) => setTheme(item.dataset.setTheme ?? ""));
}
