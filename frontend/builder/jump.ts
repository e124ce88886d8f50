// Leads to the box of a path. The server says which with `data-jump`; without a script the field has
// `autofocus`.
import { lead as leadToBox } from "../app/focus";
import { boxesOf, listOf } from "./fields";

export function jump(path: string): void {
  const [, list, row] = /^(.+)\.(\d+)$/.exec(path) ?? [];
  const box = boxesOf(path)[0] ?? firstBelow(path) ?? boxesOf(list ?? "")[Number(row)];
  if (box) leadToBox(box);
}

/** Jump to the box of `path`; where the step on the page has none, by way of the step at `url`. */
export function lead(path: string, url: string): void {
  if (boxesOf(path).some((box) => box.closest("#step-form")) || firstBelow(path)) return jump(path);
  void window.htmx.ajax("GET", url, { target: "#step-panel", swap: "outerHTML", push: "true" });
}

function firstBelow(path: string): HTMLElement | null {
  const below = document.querySelector<HTMLElement>(`[data-autosave] [name^="${CSS.escape(path)}."]`);
  const place = listOf(path) ?? document.getElementById(path);
  return below ?? place?.querySelector<HTMLElement>("button, input, select, a") ?? null;
}

/** Jump if the step on the page was asked for with a field. */
export function jumpIfAsked(): void {
  const panel = document.getElementById("step-panel");
  const path = panel?.dataset["jump"];
  if (!panel || !path) return;
  delete panel.dataset["jump"];
  jump(path);
}
