// Ctrl/Cmd+K and the Find button open the palette. Its script is fetched when it is first needed.
import { byId, on } from "./page";

let script: HTMLScriptElement | null = null;

export function openPalette(): void {
  if (script) {
    document.dispatchEvent(new CustomEvent("palette:open"));
    return;
  }
  const source = byId("palette")?.dataset.script;
  if (!source) return;
  script = document.createElement("script");
  script.src = source;
  // A failed fetch is tried again the next time.
  script.addEventListener("error", () => (script = null));
  document.head.append(script);
}

export function palette(): void {
  on("click", "[data-palette]", openPalette);
}
