import { beforeEach, expect, it, vi } from "vitest";
import type { Autosave } from "../../builder/autosave";
import { boxesOf, write } from "../../builder/fields";
import { followForms } from "../../builder/forms";
import { jump } from "../../builder/jump";
import { Outgoing, saveIn } from "../outgoing";

const edits: string[] = [];
const pace = { typed: vi.fn(), now: vi.fn(), compositionStarted: vi.fn(), compositionEnded: vi.fn() };
const led: string[] = [];
let outgoing: Outgoing;

followForms({ pace, edit: (path: string, value: string) => edits.push(`${path}=${value}`) } as unknown as Autosave);

beforeEach(() => {
  document.body.innerHTML = "<form id='step-form' data-autosave><div id='canvas'></div></form>";
  outgoing = new Outgoing(document.getElementById("canvas")!, (path) => led.push(path));
  edits.length = 0;
  vi.clearAllMocks();
});

it("reaches the builder's outbox by path, and waits like typing does", () => {
  outgoing.send([["nodes.llm1.position", '{"x":1,"y":2}']], false);
  expect(edits).toEqual(['nodes.llm1.position={"x":1,"y":2}']);
  expect([pace.typed.mock.calls.length, pace.now.mock.calls.length]).toEqual([1, 0]);
});

it("is saved at once when it is complete, all of it together", () => {
  outgoing.send([["edges.e_1", ""], ["nodes.llm1", ""]], true);
  expect(edits).toEqual(["edges.e_1=", "nodes.llm1="]);
  expect([pace.typed.mock.calls.length, pace.now.mock.calls.length]).toEqual([0, 1]);
});

it("waits again after something that was complete", () => {
  outgoing.send([["nodes.llm1.type", "llm"], ["nodes.llm1.position", "{}"]], true);
  outgoing.send([["nodes.llm1.position", '{"x":1,"y":1}']], false);
  expect([pace.typed.mock.calls.length, pace.now.mock.calls.length]).toEqual([1, 1]);
});

it("shows what the builder writes into its boxes", () => {
  outgoing.send([["nodes.llm1.position", "{}"]], false);
  write("nodes.llm1.position", '{"x":3,"y":3}');
  expect([outgoing.shown("nodes.llm1.position"), outgoing.shown("nodes.llm2.position")]).toEqual(['{"x":3,"y":3}', undefined]);
  expect(edits).toHaveLength(1);
});

it("leads to the node when the builder leads to its box", () => {
  outgoing.send([["nodes.llm1.position", "{}"]], false);
  expect(boxesOf("nodes.llm1.position")).toHaveLength(1);
  jump("nodes.llm1.position");
  expect(led).toEqual(["nodes.llm1.position"]);
});

it("tells a save from the other requests of the page", () => {
  const sent = (body: unknown) => saveIn({ ctx: { request: { body } } });
  const save = new URLSearchParams({ patch_id: "1" });
  expect(sent(save)).toBe(save);
  expect([sent(new URLSearchParams({ q: "1" })), sent(null), sent(undefined)]).toEqual([null, null, null]);
});
