import { describe, expect, it } from "vitest";
import { copied, copiedIn, middleOf, renewed } from "../clipboard";
import { withNodes } from "../graph";
import { edge, flow, kind, kinds, node, start } from "./flow";

const all = kinds(kind("trigger", { most: 1, has_input: false }), kind("llm"), kind("case"));
const none = new Set<string>();

describe("copies", () => {
  const graph = flow([start(), node("llm1", { data: { prompt: "Hi" }, position: { x: 10, y: 20 } }), "llm2"], ["trigger1>llm1", "llm1>llm2"]);
  const text = copied(graph, new Set(["llm1", "llm2"]));

  it("hold the nodes and the edges among them", () => {
    const copy = copiedIn(text)!;
    expect(copy.nodes.map(({ id }) => id)).toEqual(["llm1", "llm2"]);
    expect(copy.edges).toHaveLength(1);
  });

  it("are pasted under new names, moved, with settings and edges", () => {
    const { nodes, edges, left } = renewed(copiedIn(text)!, graph, all, { x: 40, y: 40 }, none);
    expect(nodes.map(({ id }) => id)).toEqual(["llm3", "llm4"]);
    expect(nodes[0]).toMatchObject({ position: { x: 50, y: 60 }, data: { prompt: "Hi" }, label: "LLM" });
    expect(edges[0]).toMatchObject({ source: "llm3", target: "llm4" });
    expect(edges[0]!.id).not.toBe(edge("llm1>llm2").id);
    expect(left).toBe(0);
  });

  it("say what those are called that their settings read", () => {
    const first = renewed(copiedIn(text)!, graph, all, { x: 40, y: 40 }, none);
    expect(first.nodes.map(({ copied }) => copied)).toEqual([{ llm1: "llm3", llm2: "llm4" }, undefined]);
    const next = withNodes(graph, first.nodes);
    const second = renewed(copiedIn(copied(next, new Set(["llm3", "llm4"])))!, next, all, { x: 0, y: 0 }, none);
    expect(second.nodes[0]!.copied).toEqual({ llm3: "llm5", llm4: "llm6", llm1: "llm5", llm2: "llm6" });
  });

  it("leave out a start that begins as one that there is", () => {
    const begins = (id: string, kind?: string) => node(id, { type: "trigger", has_input: false, ...(kind && { data: { trigger_type: kind } }) });
    const copy = copiedIn(copied(flow([begins("s1"), begins("s2", "webhook")]), new Set(["s1", "s2"])))!;
    const many = kinds(kind("trigger", { most: 3, has_input: false }));
    const { nodes, left, start: isStart } = renewed(copy, flow([begins("start", "chat_message")]), many, { x: 0, y: 0 }, none);
    expect([nodes.map(({ data }) => data), left, isStart]).toEqual([[{ trigger_type: "webhook" }], 1, true]);
  });

  it("leave out what there is only once, and kinds that are not known", () => {
    const copy = copiedIn(copied(flow([start(), "other1", "llm1"], ["trigger1>llm1"]), new Set(["trigger1", "other1", "llm1"])))!;
    const { nodes, edges, left } = renewed(copy, graph, all, { x: 0, y: 0 }, none);
    expect([nodes.map(({ type }) => type), edges, left]).toEqual([["llm"], [], 2]);
  });

  it("keep the handles that their edges need", () => {
    const copy = copiedIn(copied(flow(["case1", "llm1"], ["case1:gold>llm1"]), new Set(["case1", "llm1"])))!;
    expect(renewed(copy, flow([]), all, { x: 0, y: 0 }, none).nodes[0]!.handles.map(({ id }) => id)).toEqual(["", "gold"]);
  });

  it("know their middle", () => expect(middleOf(copiedIn(text)!)).toEqual({ x: 5, y: 10 }));
});

describe("foreign text", () => {
  it("is nothing of ours", () => {
    for (const text of ["", "hello", "{}", "[1]", '{"format":"other/flow","nodes":[]}', '{"format":"privexbot/flow"}', '{"format":"privexbot/flow","nodes":[{"id":"a.b","type":"llm"}]}', "privexbot/flow"]) {
      expect(copiedIn(text)).toBeNull();
    }
  });

  it("keeps what is right in what was edited by hand", () => {
    const nodes = [{ id: "llm1", type: "llm", position: { x: 0, y: 0 } }, null, { id: "llm2", type: "llm", position: {} }];
    const copy = copiedIn(JSON.stringify({ format: "privexbot/flow", nodes, edges: [null, 5, { source: "llm1" }] }));
    expect([copy?.nodes.length, copy?.edges.length]).toEqual([1, 0]);
  });
});
