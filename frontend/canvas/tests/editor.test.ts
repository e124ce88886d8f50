import { beforeEach, describe, expect, it } from "vitest";
import { Editor, type Instance } from "../editor";
import { Model } from "../model";
import { Outgoing } from "../outgoing";
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
    setCenter: () => undefined,
  } as unknown as Instance;
  editor.open = editor.select = editor.announce = () => undefined;
  editor.lead = () => undefined;
  return editor;
}

let editor: Editor;
beforeEach(() => {
  editor = editing();
});

describe("nodes that come to one place", () => {
  it("lie one below the other when they are added there one after the other", () => {
    for (const name of ["condition", "condition", "response"]) editor.add(name, { way: "alone" }, { x: 700, y: -40 });
    expect(overlapping(editor)).toEqual([]);
    expect(editor.graph.nodes.get("condition1")?.position.x).toBe(700);
  });

  it("cover nothing when they are pasted or duplicated twice", () => {
    const text = editor.copy(["llm1", "response1"])!;
    editor.paste(text);
    editor.paste(text);
    editor.paste(text, { x: 400, y: 20 });
    editor.meant = () => ["llm1"];
    editor.duplicate();
    editor.duplicate();
    expect(editor.graph.nodes.size).toBe(11);
    expect(overlapping(editor)).toEqual([]);
  });

  it("make room in a connection for what somebody else put into it at the same time", () => {
    editor.add("llm", { way: "on", edge: edge("trigger1>llm1").id }, null);
    const own = editor.graph.nodes.get("llm2")!;
    const { graph } = editor;
    const theirs = node("response2", { position: own.position });
    const edges = [...graph.edges.values()].map((each) => (each.source === "llm2" ? { ...each, target: "response2" } : each));
    editor.model.change({ nodes: new Map([...graph.nodes, ["response2", theirs]]), edges: new Map([...edges, edge("response2>llm1")].map((each) => [each.id, each])) });
    editor.settle(["llm2"]);
    expect(overlapping(editor)).toEqual([]);
    const row = ["trigger1", "llm2", "response2", "llm1", "response1"].map((id) => editor.graph.nodes.get(id)!.position);
    expect(row.map(({ x }) => x)).toEqual([...row.map(({ x }) => x)].sort((one, other) => one - other));
    expect(new Set(row.map(({ y }) => y)).size).toBe(1);
  });

  it("stand one below the other when two people added them side by side", () => {
    editor.add("llm", { way: "alone" }, { x: 0, y: 400 });
    editor.model.change({ ...editor.graph, nodes: new Map([...editor.graph.nodes, ["response2", node("response2", { position: { x: 0, y: 400 } })]]) });
    editor.settle(["llm2"]);
    expect(overlapping(editor)).toEqual([]);
    expect(editor.graph.nodes.get("response2")?.position).toEqual({ x: 0, y: 400 });
  });
});
