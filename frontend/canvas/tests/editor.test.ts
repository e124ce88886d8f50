import { beforeEach, describe, expect, it } from "vitest";
import { add, settle } from "../adding";
import { copy, duplicate, paste } from "../copying";
import { Editor, type Instance } from "../editor";
import { withoutEdges } from "../graph";
import { Model } from "../model";
import { Outgoing } from "../outgoing";
import { grown } from "../placing";
import { remove } from "../removing";
import type { Say } from "../texts";
import { edge, kind, node, start } from "./flow";

const say = Object.assign((name: string) => name, { many: (name: string) => name }) as Say;
const overlapping = (editor: Editor): string[] => {
  const boxes = editor.boxes();
  return boxes.flatMap((one) =>
    boxes.flatMap((other) => (one.id < other.id && one.x < other.x + 240 && other.x < one.x + 240 && one.y < other.y + other.height && other.y < one.y + one.height ? `${one.id} ${other.id}` : [])),
  );
};

/** An editor of a canvas on which nothing is drawn yet. */
function editing(): Editor {
  const two = { handles: [{ id: "true", label: "True" }, { id: "false", label: "False" }] };
  const kinds = [kind("response"), kind("llm"), kind("condition", two)];
  const nodes = [start(), node("llm1", { position: { x: 340, y: 0 } }), node("response1", { position: { x: 680, y: 0 } })];
  const data = { editable: true, version: 1, nodes, edges: ["trigger1>llm1", "llm1>response1"].map(edge), kinds, problems: {}, sprite: "", node_url: "", texts: {} };
  const model = new Model(data);
  const place = document.createElement("div");
  const editor = new Editor(model, say, place);
  model.outgoing = new Outgoing(place, () => undefined);
  editor.flow = {
    getNode: () => undefined,
    getNodes: () => [],
    getViewport: () => ({ x: 0, y: 0, zoom: 1 }),
    screenToFlowPosition: (at: object) => at,
    flowToScreenPosition: (at: object) => at,
    setViewport: () => undefined,
  } as unknown as Instance;
  editor.open = editor.select = editor.announce = () => undefined;
  return editor;
}

let editor: Editor;
beforeEach(() => {
  editor = editing();
});

describe("nodes that come to one place", () => {
  it("lie one below the other when they are added there one after the other", () => {
    for (const name of ["condition", "condition", "response"]) add(editor, name, { way: "alone" }, { x: 700, y: -40 });
    expect(overlapping(editor)).toEqual([]);
    expect(editor.graph.nodes.get("condition1")?.position.x).toBe(700);
  });

  it("cover nothing when they are pasted or duplicated twice", () => {
    const text = copy(editor, ["llm1", "response1"])!;
    paste(editor, text);
    paste(editor, text);
    paste(editor, text, { x: 400, y: 20 });
    editor.meant = () => ["llm1"];
    duplicate(editor);
    duplicate(editor);
    expect(editor.graph.nodes.size).toBe(11);
    expect(overlapping(editor)).toEqual([]);
  });

  it("make room in a connection for what somebody else put into it at the same time", () => {
    add(editor, "llm", { way: "on", edge: edge("trigger1>llm1").id }, null);
    const own = editor.graph.nodes.get("llm2")!;
    const { graph } = editor;
    const theirs = node("response2", { position: own.position });
    const edges = [...graph.edges.values()].map((each) => (each.source === "llm2" ? { ...each, target: "response2" } : each));
    editor.model.change({ nodes: new Map([...graph.nodes, ["response2", theirs]]), edges: new Map([...edges, edge("response2>llm1")].map((each) => [each.id, each])) });
    settle(editor, ["llm2"]);
    expect(overlapping(editor)).toEqual([]);
    const row = ["trigger1", "llm2", "response2", "llm1", "response1"].map((id) => editor.graph.nodes.get(id)!.position);
    expect(row.map(({ x }) => x)).toEqual([...row.map(({ x }) => x)].sort((one, other) => one - other));
    expect(new Set(row.map(({ y }) => y)).size).toBe(1);
  });

  it("stand one below the other when two people added them side by side", () => {
    add(editor, "llm", { way: "alone" }, { x: 0, y: 400 });
    editor.model.change({ ...editor.graph, nodes: new Map([...editor.graph.nodes, ["response2", node("response2", { position: { x: 0, y: 400 } })]]) });
    settle(editor, ["llm2"]);
    expect(overlapping(editor)).toEqual([]);
    expect(editor.graph.nodes.get("response2")?.position).toEqual({ x: 0, y: 400 });
  });
});

describe("what was deleted", () => {
  it("comes back alone, whatever else was deleted since", () => {
    let undo: () => void = () => undefined;
    document.addEventListener("toast", (event) => (undo = (event as CustomEvent<{ run: () => void }>).detail.run), { once: true });
    remove(editor, [], [edge("trigger1>llm1").id]);
    editor.model.change(withoutEdges(editor.graph, [edge("llm1>response1").id]));
    undo();
    expect([...editor.graph.edges.keys()]).toEqual([edge("trigger1>llm1").id]);
  });
});

describe("a card that grows", () => {
  const inspect = (id: string): void => {
    document.body.innerHTML = `<div id="inspector"><form data-node="${id}"><input></form></div>`;
    document.querySelector("input")!.focus();
  };
  const placeOf = (id: string): number => editor.node(id)!.position.y;

  it("moves what it comes to lie over, when it grew by what is written here", () => {
    add(editor, "condition", { way: "alone" }, { x: 0, y: 400 });
    add(editor, "response", { way: "alone" }, { x: 0, y: 480 });
    const before = placeOf("response2");
    inspect("llm1");
    grown(editor, "condition1", 300);
    expect(placeOf("response2")).toBe(before);
    inspect("condition1");
    grown(editor, "condition1", 300);
    expect(placeOf("response2")).toBe(720);
    grown(editor, "condition1", 60);
    expect(placeOf("response2")).toBe(720);
  });
});
