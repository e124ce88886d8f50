import { beforeEach, describe, expect, it } from "vitest";
import { cards, wires } from "../cards";
import { moved, withEdges, withNodes, withoutNodes } from "../graph";
import { commandOf } from "../keys";
import { Model } from "../model";
import { Outgoing } from "../outgoing";
import { after, NO_RUN, type Run, type RunEvent } from "../runs";
import { saying } from "../texts";
import type { CanvasData, Graph } from "../types";
import { edge, flow, kind, loop, node, start } from "./flow";

const data = (more: Partial<CanvasData> = {}): CanvasData => ({
  editable: true,
  version: 1,
  nodes: [start(), node("llm1", { position: { x: 300, y: 0 } })],
  edges: [{ id: "e_1", source: "trigger1", target: "llm1", sourceHandle: null }],
  kinds: [kind("trigger"), kind("llm")],
  problems: {},
  sprite: "",
  node_url: "",
  texts: {},
  ...more,
});

function made(more: Partial<CanvasData> = {}): { model: Model; heard: string[] } {
  document.body.innerHTML = "<form data-autosave><div id='boxes'></div></form>";
  const heard: string[] = [];
  const listen = ({ type, target }: Event): void => {
    const { name, value } = target as HTMLInputElement;
    heard.push(`${type} ${name}=${value}`);
  };
  for (const type of ["input", "change"]) document.querySelector("form")!.addEventListener(type, listen);
  const model = new Model(data(more));
  model.outgoing = new Outgoing(document.getElementById("boxes")!, () => undefined);
  return { model, heard };
}

describe("a change", () => {
  let model: Model;
  let heard: string[];
  beforeEach(() => ({ model, heard } = made()));

  it("of a place is one path, that waits for more", () => {
    model.change(moved(model.graph, [["llm1", { x: 8, y: 8 }]]));
    expect(heard).toEqual(['input nodes.llm1.position={"x":8,"y":8}']);
  });

  it("of what there is is complete at once", () => {
    model.change(withNodes(model.graph, [node("llm2")]));
    expect(heard.at(-1)).toMatch(/^change nodes\.llm2\.position/);
    expect([model.isSaved("llm1"), model.isSaved("llm2")]).toEqual([true, false]);
    model.sending(new URLSearchParams({ patch_id: "p1", "nodes.llm2.type": "llm" }));
    model.told({ paths: [], values: {}, patch_id: "" }, null);
    expect(model.isSaved("llm2")).toBe(false);
    model.told({ paths: [], values: {}, patch_id: "p1" }, null);
    expect(model.isSaved("llm2")).toBe(true);
  });

  it("that adds a node has nothing wrong until somebody writes into it, or asks", () => {
    model.change(withNodes(model.graph, [node("llm2"), node("llm3")]));
    expect([...model.shown().blank]).toEqual(["llm2", "llm3"]);
    model.begun("llm2");
    expect(cards([], model.shown()).map(({ id, data }) => [id, data.blank])).toContainEqual(["llm3", true]);
    expect([...model.shown().blank]).toEqual(["llm3"]);
    model.begun();
    expect(model.shown().blank.size).toBe(0);
  });

  it("leaves no box of what is gone, and its name free only once that is saved", () => {
    model.change(withoutNodes(model.graph, ["llm1"]));
    expect(heard.filter((line) => line.startsWith("input"))).toEqual(["input edges.e_1=", "input nodes.llm1="]);
    expect([document.querySelectorAll("input").length, model.retired.has("llm1")]).toEqual([0, true]);
    model.told({ paths: [], values: {}, patch_id: "p1" }, null);
    expect(model.retired.has("llm1")).toBe(false);
  });

  it("is not made where nothing may be changed", () => {
    const shut = made({ editable: false });
    expect(shut.model.change(withoutNodes(shut.model.graph, ["llm1"]))).toBe(false);
    expect(shut.heard).toEqual([]);
  });

  it("is not made any more once the server says so", () => {
    model.told({ paths: [], values: {}, editable: false }, null);
    expect(model.change(withoutNodes(model.graph, ["llm1"]))).toBe(false);
  });

  it("that is not sent yet is not undone by an older answer", () => {
    model.change(moved(model.graph, [["llm1", { x: 8, y: 8 }]]));
    model.told({ paths: [], values: { "nodes.llm1.position": '{"x":1,"y":1}' } }, null);
    expect(model.graph.nodes.get("llm1")?.position).toEqual({ x: 8, y: 8 });
  });
});

describe("a flow without places", () => {
  const heap = { nodes: [start(), node("llm1")] };

  it("is laid out, which changes nothing", () => {
    const { model, heard } = made(heap);
    expect([...model.graph.nodes.values()].map(({ position }) => position)).toEqual([{ x: 0, y: 0 }, { x: 336, y: 0 }]);
    expect(heard).toEqual([]);
  });

  it("keeps its places with the first change", () => {
    const { model, heard } = made(heap);
    model.change(moved(model.graph, [["trigger1", { x: 8, y: 8 }]]));
    expect(heard.filter((line) => line.startsWith("input"))).toEqual([
      'input nodes.trigger1.position={"x":8,"y":8}',
      'input nodes.llm1.position={"x":336,"y":0}',
    ]);
    heard.length = 0;
    model.change(moved(model.graph, [["trigger1", { x: 16, y: 8 }]]));
    expect(heard).toHaveLength(1);
  });
});

describe("a name that somebody else took", () => {
  const theirs = {
    paths: ["nodes.llm2.type", "nodes.llm2.position", "edges.e_2"],
    values: {
      "nodes.llm2.type": "llm",
      "nodes.llm2.position": '{"x":9,"y":9}',
      "edges.e_2": '{"source":"trigger1","target":"llm2","sourceHandle":null}',
    },
  };
  const described = { nodes: { llm2: { label: "Theirs" } }, problems: {} };
  const ends = (model: Model): string[] => [...model.graph.edges.values()].map(({ id, target }) => `${id}>${target}`);

  it("is another one here as soon as the server gives it", () => {
    const { model, heard } = made();
    const here = (id: string) => model.graph.nodes.get(id);
    model.change(withEdges(withNodes(model.graph, [node("llm2")]), [{ ...edge("llm1>llm2"), id: "e_3" }]));
    model.told({ ...theirs, patch_id: "" }, described);
    expect([here("llm2")?.label, ends(model)]).toEqual(["llm2", ["e_1>llm1", "e_3>llm2"]]);

    const body = new URLSearchParams({ patch_id: "p1", "nodes.llm2.type": "llm", "edges.e_3": "" });
    model.sending(body);
    expect([body.getAll("_known"), model.retired.has("llm3")]).toEqual([["llm2"], true]);
    model.change(withEdges(model.graph, [{ ...edge("trigger1>llm2"), id: "e_4" }]));
    heard.length = 0;
    const names = model.told({ ...theirs, patch_id: "p1", renamed: [["nodes.llm2", "nodes.llm3"]] }, described);
    expect([...names]).toEqual([["llm2", "llm3"]]);
    expect([here("llm2")?.label, here("llm2")?.position, here("llm3")?.label]).toEqual(["Theirs", { x: 9, y: 9 }, "llm2"]);
    expect(ends(model)).toEqual(["e_1>llm1", "e_3>llm3", "e_4>llm3", "e_2>llm2"]);
    expect(heard[0]).toBe('input edges.e_4={"source":"trigger1","target":"llm3","sourceHandle":null}');
    expect(document.querySelector("[name^='nodes.llm2']")).toBeNull();
  });

  it("stays one of a node that is theirs", () => {
    const { model } = made();
    model.told({ ...theirs, patch_id: "p0", renamed: [["nodes.llm2", "nodes.llm3"]] }, described);
    expect([...model.graph.nodes.keys()]).toEqual(["trigger1", "llm1", "llm2"]);
  });
});

describe("what is drawn", () => {
  const shown = { editable: true, graph: flow([start(), "llm1"], ["trigger1>llm1"]), problems: {}, blank: new Set<string>(), run: NO_RUN };
  const name = (source: string, target: string): string => `${source} to ${target}`;

  it("stays the same for what did not change", () => {
    const first = cards([], shown);
    const next = cards(first, { ...shown, graph: moved(shown.graph, [["llm1", { x: 5, y: 5 }]]) });
    expect([next[0] === first[0], next[1] === first[1], next[1]!.position]).toEqual([true, false, { x: 5, y: 5 }]);
    const lines = wires([], shown, name);
    expect(wires(lines, shown, name)[0]).toBe(lines[0]);
  });

  it("is where the pointer is while it is dragged", () => {
    const dragged = cards([], shown).map((card) => ({ ...card, dragging: true, position: { x: 99, y: 99 } }));
    expect(cards(dragged, shown)[0]!.position).toEqual({ x: 99, y: 99 });
  });

  it("has a way on for an edge that the settings know nothing of", () => {
    const [card] = cards([], { ...shown, graph: flow(["if1", "llm1"], ["if1:old>llm1"]) });
    expect(card!.data.ways).toEqual([{ id: "", label: "", missing: false }, { id: "old", label: "old", missing: true }]);
  });
});

describe("a run", () => {
  const graph = flow(["if1", "a1", "b1"], ["if1:true>a1", "if1:false>b1"]);

  it("marks nodes and the edges that it took", () => {
    let run = after(NO_RUN, { event: "node_started", node_id: "if1" }, graph);
    expect(run.nodes.get("if1")).toEqual({ status: "running", ms: null });
    run = after(run, { event: "node_finished", node_id: "if1", status: "ok", duration_ms: 12, handle: "true" }, graph);
    expect([run.nodes.get("if1"), run.taken.size]).toEqual([{ status: "ok", ms: 12, left: "true" }, 0]);
    run = after(run, { event: "node_started", node_id: "a1" }, graph);
    expect([...run.taken.keys()]).toEqual([edge("if1:true>a1").id]);
    expect(after(run, { event: "run_started" }, graph)).toBe(NO_RUN);
  });

  it("takes the edge into what a node runs itself, once each round", () => {
    const body = flow([loop("loop1"), "a1"], ["loop1:body>a1"]);
    const into = edge("loop1:body>a1").id;
    const rounds = (events: RunEvent["event"][]): number | undefined => {
      let run = after(NO_RUN, { event: events[0]!, node_id: "loop1", place: [1], handle: "" }, body);
      for (const round of [0, 1]) {
        for (const event of events) run = after(run, { event, node_id: "a1", place: [1, round, 0], handle: "" }, body);
      }
      return run.taken.get(into);
    };
    expect(rounds(["node_started", "node_finished"])).toBe(2);
    // As a run that was kept is told.
    expect(rounds(["node_finished"])).toBe(2);
  });

  it("takes no edge that was drawn since, to what had no part in it", () => {
    const ends = (ids: string[], on: Graph): Run =>
      ids.reduce((run, node_id, at) => after(run, { event: "node_finished", node_id, place: [at], status: "ok", handle: "" }, on), NO_RUN);
    const longer = flow(["a1", "b1", "c1"], ["a1>b1", "b1>c1"]);
    expect([...ends(["a1", "b1"], longer).taken.keys()]).toEqual([edge("a1>b1").id]);
    const before = flow(["a1", "b1", "c1"], ["c1>a1", "a1>b1"]);
    expect([...ends(["a1", "b1"], before).taken.keys()]).toEqual([edge("a1>b1").id]);
  });

  it("takes the edge that leads back to a loop, once each round", () => {
    const body = flow([loop("loop1"), "a1"], ["loop1:body>a1", "a1>loop1"]);
    let run = after(NO_RUN, { event: "node_started", node_id: "loop1", place: [1] }, body);
    for (const round of [0, 1]) {
      for (const event of ["node_started", "node_finished"] as const) run = after(run, { event, node_id: "a1", place: [1, round, 0], handle: "" }, body);
    }
    run = after(run, { event: "node_finished", node_id: "loop1", handle: "" }, body);
    expect([...run.taken.values()]).toEqual([2, 2]);
  });

  it("takes no edge from what failed, and leaves nothing running", () => {
    const failed = after(NO_RUN, { event: "node_finished", node_id: "if1", status: "failed", handle: "true" }, graph);
    expect(after(failed, { event: "node_started", node_id: "a1" }, graph).taken.size).toBe(0);
    const running = after(NO_RUN, { event: "node_started", node_id: "a1" }, graph);
    expect(after(running, { event: "run_finished" }, graph).nodes.size).toBe(0);
  });
});

describe("words and keys", () => {
  it("are the page's", () => {
    const say = saying({ undo: "Zurück", added: "{label} added.", problems_one: "1 problem", problems_other: "{n} problems" });
    expect([say("undo"), say("added", { label: "LLM" })]).toEqual(["Zurück", "LLM added."]);
    expect([say.many("problems", 1), say.many("problems", 3)]).toEqual(["1 problem", "3 problems"]);
  });

  it("mean nothing with a modifier that is not theirs", () => {
    const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
    expect(commandOf({ ...none, key: "a" })).not.toBeNull();
    expect(commandOf({ ...none, key: "z", ctrlKey: true })).toBeNull();
    expect(commandOf({ ...none, key: "c", ctrlKey: true })).toBeNull();
    expect(commandOf({ ...none, key: "ArrowUp", altKey: true })).not.toBeNull();
    expect(commandOf({ ...none, key: "q" })).toBeNull();
  });
});
