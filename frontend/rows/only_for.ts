// Boxes of a node's settings that play a part only where others have one of some values: shown then.
import { json } from "../builder/config";

type Others = Record<string, string[]>;

const places = (): NodeListOf<HTMLElement> => document.querySelectorAll<HTMLElement>("[data-only-for]");

export function showFitting(): void {
  for (const box of places()) {
    const isShown = plays(box);
    (box.closest<HTMLElement>(".field, .switch") ?? box).hidden = !isShown;
    // The button for its variables stands beside it.
    const button = box.id && document.querySelector(`[data-insert-variable="${CSS.escape(box.id)}"]`);
    if (button) button.closest<HTMLElement>(".row")!.hidden = !isShown;
  }
}

/** Whether all the others, which stand beside it in the form, have a value that it is for. */
function plays(box: HTMLElement): boolean {
  const others = JSON.parse(box.dataset["onlyFor"]!) as Others;
  const stem = (box.getAttribute("name") ?? box.dataset["stem"] ?? "").replace(/[^.]*$/, "");
  return Object.entries(others).every(([name, values]) => {
    const other = document.querySelector<HTMLInputElement | HTMLSelectElement>(`[name="${CSS.escape(stem + name)}"]`);
    return !other || values.includes(other.value);
  });
}

/** The heading over a node's settings is its name as it is typed, or else what its kind is called. */
export function showName(): void {
  for (const heading of document.querySelectorAll<HTMLElement>("[data-named-by]")) {
    const box = document.querySelector<HTMLInputElement>(`[name="${CSS.escape(heading.dataset["namedBy"]!)}"]`);
    if (box) heading.textContent = box.value.trim() || heading.dataset["unnamed"]!;
  }
}

/** What the server says of when a schedule starts its flow, as each answer to a save tells it. */
export function tellNextRuns(): void {
  const nodes = json<{ nodes?: Record<string, { next?: string }> }>("canvas-state")?.nodes ?? {};
  for (const place of document.querySelectorAll<HTMLElement>("[data-next-runs]")) {
    const words = nodes[place.dataset["nextRuns"]!]?.next;
    if (words !== undefined) place.textContent = words;
  }
}
