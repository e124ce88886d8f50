// The steps of one run as a list that stays as open as it was. Knows no graph and no server.
import { duration } from "../app/duration";
import { pageLanguage } from "../app/times";
import { button, element, value } from "./elements";
import type { Step } from "./types";

export interface Actions {
  /** Empty where there is nothing to be done again yet. */
  again?: (step: Step) => void;
  pin?: (step: Step) => void;
  unpin?: (step: Step) => void;
}

export const key = (step: Step): string => `${step.place.join(".")} ${step.node_id}`;

export function inOrder(one: Step, other: Step): number {
  for (let at = 0; at < Math.max(one.place.length, other.place.length); at++) {
    const difference = (one.place[at] ?? -1) - (other.place[at] ?? -1);
    if (difference) return difference;
  }
  return 0;
}

/** `words` are the texts of the panel, by name. */
export function draw(list: HTMLElement, steps: Step[], words: DOMStringMap, actions: Actions): void {
  const open = new Set([...list.querySelectorAll<HTMLElement>("details[open]")].map((each) => each.dataset["key"]));
  const focused = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>("#run-log details")?.dataset["key"];
  list.replaceChildren(...[...steps].sort(inOrder).map((step) => entry(step, open.has(key(step)), words, actions)));
  if (focused) list.querySelector<HTMLElement>(`details[data-key="${CSS.escape(focused)}"] > summary`)?.focus();
}

function entry(step: Step, isOpen: boolean, words: DOMStringMap, actions: Actions): HTMLElement {
  const item = element("li", "run-step");
  item.dataset["status"] = step.status ?? "running";
  const more = element("details");
  more.dataset["key"] = key(step);
  more.open = isOpen;
  const head = element("summary");
  head.append(
    element("span", "run-name", step.label || step.node_id),
    ...(step.way ? [element("span", "run-way", `→ ${step.way}`)] : []),
    element("span", "run-state", state(step, words)),
    element("span", "run-time", step.duration_ms === undefined ? "" : duration(step.duration_ms)),
    ...(Object.keys(step.read ?? {}).length ? [element("span", "run-why", why(step, words))] : []),
  );
  more.append(head, ...details(step, words), ...doing(step, words, actions));
  // Not its own event, which also comes of drawing it anew.
  head.addEventListener("click", () => {
    if (!more.open) document.dispatchEvent(new CustomEvent("canvas:focus", { detail: { id: step.node_id } }));
  });
  item.append(more);
  if (step.error) item.append(element("p", "run-error", step.error));
  return item;
}

/** Who waits for somebody of the team says so: there is a word for it by its kind. */
export const state = ({ status, type }: Step, words: DOMStringMap): string =>
  (status === "waiting" && words[type]) || (words[status ?? "running"] ?? "");

/** What all came to: its time, and tokens where any were used. What only stands there as it was before
 * took neither. */
export function total(steps: Step[], words: DOMStringMap): string {
  const done = steps.filter(({ status, duration_ms }) => status !== "reused" && duration_ms !== undefined);
  if (!done.length) return "";
  const tokens = done.reduce((sum, each) => sum + (each.tokens ?? 0), 0);
  const took = duration(Math.max(...done.map((each) => each.started_at + each.duration_ms!)));
  return `${words["total"]}: ${took}${tokens ? ` · ${words["tokens"]}: ${tokens.toLocaleString(pageLanguage())}` : ""}`;
}

/** Why it went its way: what its conditions read, in a sentence. */
export function why({ read, way }: Step, words: DOMStringMap): string {
  const told = (value: unknown): string => (value === null ? (words["nothing"] ?? "") : JSON.stringify(value));
  const reasons = Object.entries(read ?? {}).map(([name, value]) => filled(words["was"], { name, value: told(value) }));
  return way ? filled(words["so"], { reasons: reasons.join(", "), way }) : reasons.join(", ");
}

/** `text` with the values of what stands in it in braces. */
const filled = (text = "", values: Record<string, string>): string => text.replace(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? "");

/** What went in and what came out of a node. */
export function details(step: Step, words: DOMStringMap): HTMLElement[] {
  const parts: [string | undefined, unknown][] = [
    [words["input"], step.input],
    [words["output"], step.output],
    [words["tokens"], step.tokens],
  ];
  const shown = parts.filter(([, each]) => each && JSON.stringify(each) !== "{}");
  return shown.flatMap(([label, each]) => [element("h4", "", label), value(each)]);
}

function doing(step: Step, words: DOMStringMap, { again, pin, unpin }: Actions): HTMLElement[] {
  const row = element("div", "run-actions");
  const isTop = step.place.length === 1;
  if (again && isTop && step.status) row.append(button(words["again"] ?? "", () => again(step), true));
  // Nodes of another flow are not this one's to pin.
  const isOwn = !step.node_id.includes("/");
  const isPinned = step.kept ?? step.status === "pinned";
  if (pin && isOwn && step.output && !isPinned && !step.shortened) row.append(button(words["pin"] ?? "", () => pin(step)));
  if (unpin && isPinned) row.append(button(words["unpin"] ?? "", () => unpin(step)));
  return row.childElementCount ? [row] : [];
}
