// Beside the canvas is one column for a node's settings and the preview, where there is no room for two.
// Which of them it shows is `data-side` of the builder's columns; without room the styles heed it.
type Side = "settings" | "preview";

const COLUMNS = "[data-panels]";
const SWITCH = "data-shows-side";

export function showSide(side: Side): void {
  document.querySelector<HTMLElement>(COLUMNS)?.setAttribute("data-side", side);
}

export const isInPreview = (): boolean => document.activeElement?.closest(".builder-preview") != null;

/** Whether the settings stand where the preview would. */
function isCovered(): boolean {
  const columns = document.querySelector<HTMLElement>(COLUMNS);
  const preview = columns?.querySelector<HTMLElement>(".builder-preview");
  return columns?.dataset["preview"] === "open" && !!preview && getComputedStyle(preview).display === "none";
}

/** The buttons that turn from one to the other; whoever asks for the preview gets it, where it is covered. */
export function followSide(signal: AbortSignal): void {
  const pressed = (event: Event): void => {
    const target = event.target as Element;
    const wanted = target.closest(`[${SWITCH}]`)?.getAttribute(SWITCH) as Side | null | undefined;
    const isAsked = target.closest("[data-panel-toggle=preview]") !== null && isCovered();
    if (!wanted && !isAsked) return;
    event.stopPropagation();
    showSide(wanted ?? "preview");
    const back = wanted === "settings" ? "preview" : "settings";
    document.querySelector<HTMLElement>(`[${SWITCH}=${back}]`)?.focus();
  };
  document.addEventListener("click", pressed, { capture: true, signal });
}
