import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { Panel } from "../panel";
import type { Step } from "../types";

type Answer = (request: IncomingMessage, answer: ServerResponse) => void;

const json = (value: unknown): Answer => (_, answer) => void answer.end(JSON.stringify(value));
const step = (node_id: string, place: number, more: Partial<Step> = {}): Step => ({ node_id, type: "llm", label: node_id, place: [place], started_at: 0, ...more });
const run = (id: string) => ({ id, at: 0, message: id, status: "whole", replay_of: null, answer_html: "", error: null, steps: [step(`of_${id}`, 0, { status: "ok" })] });
const event = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

let answers: Record<string, Answer> = {};
const server = createServer((request, answer) => answers[request.url!]!(request, answer));
let told: string[] = [];
let panel: Panel;
let place: HTMLElement;

/** Holds the answer at `url` back: comes once it is asked for, with what lets it go. */
const held = (url: string): Promise<() => void> => {
  const whole = answers[url]!;
  return new Promise((asked) => (answers[url] = (request, answer) => asked(() => whole(request, answer))));
};

const log = (): string[] => [...place.querySelectorAll(".run-name")].map(({ textContent }) => textContent);
const states = (): string[] => [...place.querySelectorAll<HTMLElement>(".run-step")].map(({ dataset }) => dataset["status"]!);
const choice = (): HTMLSelectElement => place.querySelector("select")!;
const button = (words: string): HTMLElement => [...place.querySelectorAll<HTMLElement>("button")].find(({ textContent }) => textContent === words)!;

beforeAll(async () => {
  document.documentElement.lang = "en";
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  document.addEventListener("canvas:run", (heard) => told.push((heard as CustomEvent<{ event: string }>).detail.event));
});
afterAll(() => server.close());

beforeEach(() => {
  document.body.innerHTML = `<section id="run-log" data-runs="/runs" data-again="Again" data-unreached="Not reached" data-total="Total" data-tokens="Tokens"><select></select><span class="run-total"></span><div class="run-note"></div><ol></ol></section>`;
  place = document.getElementById("run-log")!;
  answers = { "/runs": json({ runs: [run("b"), run("a")] }), "/runs/a": json(run("a")), "/runs/b": json(run("b")) };
  panel = new Panel(place);
  told = [];
});

it("shows what was chosen last, whichever answer comes last", async () => {
  await panel.open();
  const asked = held("/runs/a");
  const first = panel.show("a");
  const letGo = await asked;
  await panel.show("b");
  letGo();
  await first;
  expect(log()).toEqual(["of_b"]);
  expect(choice().value).toBe("b");
});

it("says what a run came to, without what only stands there as before", async () => {
  const steps = [
    step("a", 0, { status: "reused", started_at: 9000, duration_ms: 500, tokens: 7 }),
    step("b", 1, { status: "ok", duration_ms: 1200, tokens: 1000 }),
    step("c", 2, { status: "ok", started_at: 300, duration_ms: 1300, tokens: 234 }),
  ];
  answers["/runs/b"] = json({ ...run("b"), steps });
  await panel.open();
  const total = place.querySelector(".run-total")!;
  expect(total.textContent).toBe("Total: 1.6 s · Tokens: 1,234");
  panel.begin();
  expect(total.textContent).toBe("");
});

it("lets nothing that was looked at before take the place of a run that goes on", async () => {
  await panel.open();
  const asked = held("/runs/a");
  const before = panel.show("a");
  const letGo = await asked;
  panel.begin();
  panel.step("node_started", step("llm1", 0));
  letGo();
  await before;
  expect(log()).toEqual(["llm1"]);
  expect(choice().disabled).toBe(true);
});

it("says that a run is over whose answer broke off", async () => {
  await panel.open();
  answers["/runs/b/replay"] = (_, answer) => {
    answer.write(event("node_started", step("llm1", 0)), () => answer.destroy());
  };
  button("Again").dispatchEvent(new Event("builder:ready"));
  await vi.waitFor(() => expect(told).toContain("run_finished"));
  await vi.waitFor(() => expect(place.querySelector(".run-note")!.textContent).toBe("Not reached"));
  expect(states()).toEqual(["stopped"]);
  expect(choice().disabled).toBe(false);
});

it("begins anew with an answer that is given again, and ends where it is stopped", async () => {
  await panel.open();
  panel.step("node_started", step("llm1", 0));
  expect(log()).toEqual(["llm1"]);
  void panel.stop();
  expect(states()).toEqual(["stopped"]);
  expect(told.slice(-3)).toEqual(["run_started", "node_started", "run_finished"]);
  // Nothing can be done again of what is not known to be kept.
  expect(button("Again")).toBeUndefined();
  expect(choice().selectedIndex).toBe(-1);
});

it("offers to unpin what was pinned just now, and the other way round", async () => {
  place.dataset["pin"] = "Pin";
  place.dataset["unpin"] = "Unpin";
  answers["/nodes/of_b/pin"] = json({});
  answers["/runs/b"] = json({ ...run("b"), steps: [step("of_b", 0, { status: "ok", output: { text: "x" } })] });
  Object.assign(window, { htmx: { ajax: () => Promise.resolve() } });
  await panel.open();
  button("Pin").click();
  await vi.waitFor(() => expect(button("Unpin")).toBeDefined());
  expect(button("Pin")).toBeUndefined();
  button("Unpin").click();
  await vi.waitFor(() => expect(button("Pin")).toBeDefined());
});
