// Says at the boxes of a node what the problem list knows of them: once a box was left, or somebody was led to
// it. Nothing is told of boxes that nobody has been in: a node that was just added is not at fault yet.
import { json } from "../builder/config";
import { hasError, setError } from "../builder/field_error";
import { boxOf, tellCell } from "./faults";

interface Problem {
  severity: string;
  message: string;
  path: string;
}

/** The paths of boxes, and of whole rows, that somebody has left; of boxes that somebody was led to; of those
 * that say something. */
const left = new Set<string>();
const led = new Set<string>();
const said = new Set<string>();

export const tellAlways = (path: string): void => void led.add(path);

export const isLed = (path: string): boolean => led.has(path);

/** What is in the rows at `path` now is somebody's to fill in first, whoever was led there before. */
export function tellLater(path: string): void {
  left.delete(path);
  led.clear();
}

export function leftBox({ target, relatedTarget }: FocusEvent): void {
  const box = target as HTMLInputElement;
  const rows = box.closest<HTMLElement>("[data-rows-editor]");
  if (!rows && box.name) left.add(box.name);
  if (rows && !rows.contains(relatedTarget as Node | null)) left.add(rows.querySelector("textarea")!.name);
}

/** What is wrong is told where somebody has been; what is mended is so as soon as the server says it. What is
 * wrong with the `marked` texts is told where they are at fault. */
export function tellProblems(marked: Set<string>): void {
  const problems = json<{ problems?: Record<string, Problem[]> }>("canvas-state")?.problems ?? {};
  for (const form of document.querySelectorAll<HTMLElement>("[data-node]")) {
    const node = form.dataset["node"]!;
    const errors = (problems[node] ?? []).filter(({ severity }) => severity === "error").reverse();
    const words = new Map(errors.filter(({ path }) => !marked.has(path)).map(({ path, message }) => [path, message]));
    for (const path of said) {
      if (!path.startsWith(`nodes.${node}.`) || words.has(path)) continue;
      said.delete(path);
      setError(path, "");
    }
    for (const [path, message] of words) tell(form, path, message);
  }
}

function tell(form: HTMLElement, path: string, message: string): void {
  const box = boxOf(form, path);
  const isTold = said.has(path) || led.has(path) || hasError(path);
  if (!box || !(isTold || isLeft(path)) || (!isTold && box === document.activeElement)) return;
  if (box.closest(".rows-box")) return tellCell(box, path, message);
  setError(path, message);
  said.add(path);
}

const isLeft = (path: string): boolean => [...left].some((each) => `${path}.`.startsWith(`${each}.`));
