// Small flows for the tests: nodes by name, edges as "a>b" or "a:handle>b".
import { graphOf } from "../graph";
import type { FlowEdge, FlowNode, Graph, Kind } from "../types";

export const node = (id: string, more: Partial<FlowNode> = {}): FlowNode => ({
  id,
  type: id.replace(/\d+$/, ""),
  position: { x: 0, y: 0 },
  label: id,
  summary: "",
  handles: [{ id: "", label: "" }],
  has_input: true,
  repeats: false,
  ...more,
});

export const loop = (id: string): FlowNode => node(id, { repeats: true, handles: [{ id: "", label: "Done" }, { id: "body", label: "Each" }] });

export const start = (): FlowNode => node("trigger1", { has_input: false });

export function edge(text: string): FlowEdge {
  const [from = "", target = ""] = text.split(">");
  const [source = "", sourceHandle = ""] = from.split(":");
  return { id: `e_${text.replace(/\W/g, "_")}`, source, target, sourceHandle };
}

export const flow = (nodes: (FlowNode | string)[], edges: string[] = []): Graph =>
  graphOf(nodes.map((each) => (typeof each === "string" ? node(each) : each)), edges.map(edge));

export const kind = (name: string, more: Partial<Kind> = {}): Kind => ({
  kind: name,
  label: name.toUpperCase(),
  group: "",
  icon: "box",
  tone: "slate",
  help: "",
  words: "",
  handles: [{ id: "", label: "" }],
  has_input: true,
  repeats: false,
  most: 0,
  ...more,
});

export const kinds = (...all: Kind[]): Map<string, Kind> => new Map(all.map((each) => [each.kind, each]));
