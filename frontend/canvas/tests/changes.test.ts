import { describe, expect, it } from "vitest";
import { changes } from "../changes";
import { moved, withEdges, withNodes, withoutEdges, withoutNodes } from "../graph";
import { edgeId, isId, nodeId } from "../ids";
import { edge, flow, node } from "./flow";

const graph = flow(["llm1", "reply1"], ["llm1>reply1"]);
const id = edge("llm1>reply1").id;

describe("the paths of a change", () => {
  it("are one for one node that was moved", () => {
    expect(changes(graph, moved(graph, [["llm1", { x: 10, y: 20 }]]))).toEqual([["nodes.llm1.position", '{"x":10,"y":20}']]);
  });

  it("are kind and place of a new node, and settings only if it has some", () => {
    const added = withNodes(graph, [node("llm2", { position: { x: 1, y: 2 } })]);
    expect(changes(graph, added)).toEqual([["nodes.llm2.type", "llm"], ["nodes.llm2.position", '{"x":1,"y":2}']]);
    const pasted = withNodes(graph, [node("llm2", { data: { model: "m" } })]);
    expect(changes(graph, pasted)).toContainEqual(["nodes.llm2.data", '{"model":"m"}']);
  });

  it("name a removed node with its edges, edges first", () => {
    expect(changes(graph, withoutNodes(graph, ["llm1"]))).toEqual([[`edges.${id}`, ""], ["nodes.llm1", ""]]);
  });

  it("are those of edges that were added, led elsewhere or removed", () => {
    const more = withNodes(graph, [node("reply2")]);
    const led = withEdges(more, [{ id, source: "llm1", target: "reply2", sourceHandle: "" }]);
    expect(changes(more, led)).toEqual([[`edges.${id}`, '{"source":"llm1","target":"reply2","sourceHandle":null}']]);
    expect(changes(graph, withoutEdges(graph, [id]))).toEqual([[`edges.${id}`, ""]]);
    const named = withEdges(graph, [{ id: "e_1", source: "llm1", target: "reply1", sourceHandle: "error" }]);
    expect(changes(graph, named)).toEqual([["edges.e_1", '{"source":"llm1","target":"reply1","sourceHandle":"error"}']]);
  });

  it("are none when nothing changed", () => expect(changes(graph, { ...graph })).toEqual([]));
});

describe("new names", () => {
  it("are the kind with the lowest free number", () => {
    expect(nodeId("llm", new Set())).toBe("llm1");
    expect(nodeId("llm", new Set(["llm1", "llm3"]))).toBe("llm2");
    expect(nodeId("llm", new Set(["llm1"]), new Set(["llm2"]))).toBe("llm3");
  });

  it("are always ids, whatever the kind is called", () => {
    for (const kind of ["http-request", "3d", "", "x".repeat(90), "ü"]) expect(isId(nodeId(kind, new Set()))).toBe(true);
    expect(edgeId(new Set())).toMatch(/^e_[a-z0-9]{8}$/);
    expect([isId("a.b"), isId(""), isId("1a"), isId(null), isId("x".repeat(65))]).toEqual([false, false, false, false, false]);
  });
});
