// Leads to the box of a path. The server says which with `data-jump`; without a script the field has
// `autofocus`.
import { lead } from "../app/focus";
import { boxesOf } from "./fields";

export function jump(path: string): void {
  const box = boxesOf(path)[0] ?? firstBelow(path);
  if (box) lead(box);
}

function firstBelow(path: string): HTMLElement | null {
  const below = document.querySelector<HTMLElement>(`[data-autosave] [name^="${CSS.escape(path)}."]`);
  const list = document.getElementById(`list-${path.replaceAll(".", "-")}`);
  return below ?? list?.querySelector<HTMLElement>("button, input, select") ?? null;
}

/** Jump if the step on the page was asked for with a field. */
export function jumpIfAsked(): void {
  const panel = document.getElementById("step-panel");
  const path = panel?.dataset["jump"];
  if (!panel || !path) return;
  delete panel.dataset["jump"];
  jump(path);
}
