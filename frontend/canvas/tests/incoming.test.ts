import { describe, expect, it } from "vitest";
import { applied, described, judged } from "../incoming";
import { edge, flow, kind, kinds, node } from "./flow";

const all = kinds(kind("llm"), kind("reply"));
const graph = flow([node("llm1", { label: "Answer" }), "reply1"], ["llm1>reply1"]);
const id = edge("llm1>reply1").id;

describe("what the server tells", () => {
  it("moves a node, and leaves the others the same objects", () => {
    const values = { "nodes.llm1.type": "llm", "nodes.llm1.position": '{"x": 5, "y": 6.4}' };
    const now = applied(graph, { paths: ["nodes.llm1.position"], values }, all);
    expect(now.nodes.get("llm1")).toMatchObject({ label: "Answer", position: { x: 5, y: 6 } });
    expect(now.nodes.get("reply1")).toBe(graph.nodes.get("reply1"));
  });

  it("adds a node of which only its kind is known", () => {
    const values = { "nodes.llm2.type": "llm", "nodes.llm2.position": '{"x":1,"y":1}' };
    expect(applied(graph, { paths: ["nodes.llm2"], values }, all).nodes.get("llm2")).toMatchObject({ label: "LLM", position: { x: 1, y: 1 } });
  });

  it("removes a node of which there is no value any more, with its edges", () => {
    const now = applied(graph, { paths: ["nodes.llm1.data.prompt"], values: {} }, all);
    expect([[...now.nodes.keys()], now.edges.size]).toEqual([["reply1"], 0]);
  });

  it("keeps of a list that changed as a whole what is told of it", () => {
    const now = applied(graph, { paths: ["edges"], values: {} }, all);
    expect([[...now.nodes.keys()], now.edges.size]).toEqual([["llm1", "reply1"], 0]);
    const values = { [`edges.${id}`]: '{"source":"llm1","target":"reply1"}' };
    expect(applied(graph, { paths: ["edges"], values }, all).edges.size).toBe(1);
  });

  it("keeps a node of which only the place is told, or a setting", () => {
    const place = { paths: ["nodes.llm1.position.y"], values: { "nodes.llm1.position": '{"x":0,"y":82}' } };
    expect(applied(graph, place, all).nodes.get("llm1")).toMatchObject({ label: "Answer", position: { x: 0, y: 82 } });
    const setting = { paths: ["nodes.llm1.data.prompt"], values: { "nodes.llm1.data.prompt": "Hi" } };
    expect(applied(graph, setting, all).nodes.get("llm1")).toBe(graph.nodes.get("llm1"));
  });

  it("adds, changes and removes edges", () => {
    const values = { [`edges.${id}`]: '{"source":"reply1","target":"llm1","sourceHandle":""}' };
    expect(applied(graph, { paths: [`edges.${id}.source`], values }, all).edges.get(id)).toMatchObject({ source: "reply1", sourceHandle: "" });
    expect(applied(graph, { paths: [`edges.${id}`], values: {} }, all).edges.size).toBe(0);
  });

  it("says nothing with its answer to a move of ours but the place", () => {
    const now = applied(graph, { paths: [], values: { "nodes.llm1.position": '{"x":5,"y":5}' } }, all);
    expect(now.nodes.get("llm1")).toMatchObject({ type: "llm", position: { x: 5, y: 5 } });
  });

  it("is older than what is not sent yet", () => {
    const values = { "nodes.llm1.type": "llm", "nodes.llm1.position": '{"x":5,"y":5}' };
    const shown = (path: string, told: string): string => (path.endsWith("position") ? '{"x":9,"y":9}' : told);
    expect(applied(graph, { paths: [], values }, all, shown).nodes.get("llm1")?.position).toEqual({ x: 9, y: 9 });
  });

  it("may be about other things, or nonsense", () => {
    expect(applied(graph, { paths: ["name"], values: { name: "Bot" } }, all)).toBe(graph);
    const values = { "nodes.llm1.position": "nonsense", "nodes.llm1.type": "llm", [`edges.${id}`]: "[]" };
    const now = applied(graph, { paths: [], values }, all);
    expect([now.nodes.get("llm1")?.position, now.edges.size]).toEqual([{ x: 0, y: 0 }, 1]);
  });
});

describe("what nodes are called", () => {
  it("changes only the nodes of which something new is said", () => {
    const now = described(graph, { llm1: { label: "Classify", summary: "gpt" }, reply1: { label: "reply1" }, gone1: { label: "x" } });
    expect(now.nodes.get("llm1")).toMatchObject({ label: "Classify", summary: "gpt" });
    expect(now.nodes.get("reply1")).toBe(graph.nodes.get("reply1"));
    expect(now.nodes.has("gone1")).toBe(false);
  });

  it("says which are pinned, and which not any more", () => {
    const pinned = described(graph, { llm1: { pinned: true } });
    expect(pinned.nodes.get("llm1")?.pinned).toBe(true);
    expect(described(pinned, { llm1: { pinned: false } }).nodes.get("llm1")?.pinned).toBe(false);
  });

  it("keeps lists of problems that did not change", () => {
    const known = { llm1: [{ severity: "error" as const, message: "Write a prompt" }] };
    const now = judged(known, { llm1: [{ severity: "error", message: "Write a prompt" }], reply1: [] });
    expect(now["llm1"]).toBe(known.llm1);
  });
});
