// What each node did in the run that the preview shows: a log below the chat, and the same told to
// the canvas. Hears of it from the chat's own events. Knows no graph.
import "./start_by";

interface Step {
  node_id: string;
  type: string;
  label: string;
  place: number[];
  status?: "ok" | "waiting" | "failed" | "handled";
  started_at: number;
  duration_ms?: number;
  input?: unknown;
  output?: unknown;
  handle?: string;
  error?: string | null;
  tokens?: number;
}

const place = (): HTMLElement | null => document.getElementById("run-log");

const words = (): DOMStringMap => place()?.dataset ?? {};

function told(event: string, detail: object = {}): void {
  document.dispatchEvent(new CustomEvent("canvas:run", { detail: { ...detail, event } }));
}

const hear = <T>(name: string, run: (detail: T) => void): void =>
  document.addEventListener(`privexbot:${name}`, (event) => run((event as CustomEvent<T>).detail));

let steps: Step[] = [];

hear<{ role: string }>("message", ({ role }) => {
  if (role !== "user") return;
  steps = [];
  draw();
  told("run_started");
});
hear<Step>("node_started", (step) => {
  steps.push(step);
  draw();
  told("node_started", step);
});
hear<Step>("node_finished", (step) => {
  steps = steps.filter((each) => key(each) !== key(step));
  steps.push(step);
  draw();
  told("node_finished", step);
});
for (const name of ["done", "error"]) hear(name, () => told("run_finished"));

const key = (step: Step): string => `${step.place.join(".")} ${step.node_id}`;

function inOrder(one: Step, other: Step): number {
  for (let at = 0; at < Math.max(one.place.length, other.place.length); at++) {
    const difference = (one.place[at] ?? -1) - (other.place[at] ?? -1);
    if (difference) return difference;
  }
  return 0;
}

function draw(): void {
  const list = place()?.querySelector("ol");
  if (!list) return;
  place()!.hidden = !steps.length;
  const open = new Set([...list.querySelectorAll<HTMLElement>("details[open]")].map((each) => each.dataset["key"]));
  list.replaceChildren(...[...steps].sort(inOrder).map((step) => entry(step, open.has(key(step)))));
}

function entry(step: Step, isOpen: boolean): HTMLElement {
  const item = element("li", "run-step");
  item.dataset["status"] = step.status ?? "running";
  const more = document.createElement("details");
  more.dataset["key"] = key(step);
  more.open = isOpen;
  const head = document.createElement("summary");
  const name = element("span", "run-name", step.label || step.node_id);
  const state = element("span", "run-state", words()[step.status ?? "running"] ?? "");
  const time = element("span", "run-time", step.duration_ms === undefined ? "" : duration(step.duration_ms));
  head.append(name, state, time);
  more.append(head, ...details(step));
  more.addEventListener("toggle", () => {
    if (more.open) document.dispatchEvent(new CustomEvent("canvas:focus", { detail: { id: step.node_id } }));
  });
  item.append(more);
  if (step.error) item.append(element("p", "run-error", step.error));
  return item;
}

function details(step: Step): HTMLElement[] {
  const parts: [string, unknown][] = [
    [words()["input"] ?? "", step.input],
    [words()["output"] ?? "", step.output],
    [words()["way"] ?? "", step.handle],
    [words()["tokens"] ?? "", step.tokens],
  ];
  return parts.filter(([, value]) => value && JSON.stringify(value) !== "{}").flatMap(([label, value]) => [element("h4", "", label), shown(value)]);
}

function shown(value: unknown): HTMLElement {
  return element("pre", "", typeof value === "string" ? value : JSON.stringify(value, null, 2));
}

function element(tag: string, name: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  if (name) made.className = name;
  made.textContent = text;
  return made;
}

const duration = (ms: number): string => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);
