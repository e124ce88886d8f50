// The flow in the form that React Flow draws. What did not change stays the same object, so that one
// move draws one card.
import type { Edge, Node } from "@xyflow/react";
import { backEdges, inOrder } from "./graph";
import type { Shown } from "./model";
import type { NodeRun } from "./runs";
import { same } from "./same";
import type { FlowNode, Handle, Problem } from "./types";

export type CardData = { node: FlowNode; ways: Way[]; problems: Problem[]; blank: boolean; run: NodeRun | undefined };
export type CardNode = Node<CardData, "card">;
export type WireData = { back: boolean; taken: number };
export type WireEdge = Edge<WireData, "wire">;

export interface Way extends Handle {
  /** An edge starts at it that the node's settings know nothing of any more. */
  missing: boolean;
}

// React Flow takes no id for "any": the main way on needs one beside others.
const MAIN = "$";
export const toHandle = (id: string): string => id || MAIN;
export const fromHandle = (id: string | null | undefined): string => (!id || id === MAIN ? "" : id);

const NONE: Problem[] = [];

function ways(node: FlowNode, used: string[]): Way[] {
  const there = node.handles.map((handle) => ({ ...handle, missing: false }));
  const lost = new Set(used.filter((id) => !node.handles.some((handle) => handle.id === id)));
  return [...there, ...[...lost].map((id) => ({ id, label: id, missing: true }))];
}

export function cards(old: CardNode[], { graph, problems, blank, run }: Shown): CardNode[] {
  const known = new Map(old.map((card) => [card.id, card]));
  const used = new Map<string, string[]>();
  for (const { source, sourceHandle } of graph.edges.values()) used.set(source, [...(used.get(source) ?? []), sourceHandle]);
  return inOrder(graph).map((node) => {
    const card = known.get(node.id);
    const data = dataOf(card?.data, node, ways(node, used.get(node.id) ?? []), problems[node.id] ?? NONE, blank.has(node.id), run.nodes.get(node.id));
    // What is being dragged is where the pointer is.
    const position = !card || card.dragging || same(card.position, node.position) ? (card?.position ?? node.position) : node.position;
    if (card && card.data === data && card.position === position) return card;
    return { ...card, id: node.id, type: "card", position, data };
  });
}

function dataOf(old: CardData | undefined, node: FlowNode, found: Way[], problems: Problem[], blank: boolean, run: NodeRun | undefined): CardData {
  const ways = old && same(old.ways, found) ? old.ways : found;
  if (old?.node === node && old.ways === ways && old.problems === problems && old.blank === blank && old.run === run) return old;
  return { node, ways, problems, blank, run };
}

/** `name` says in words from where to where an edge leads. */
export function wires(old: WireEdge[], { graph, run }: Shown, name: (source: string, target: string) => string): WireEdge[] {
  const known = new Map(old.map((wire) => [wire.id, wire]));
  const back = backEdges(graph);
  return [...graph.edges.values()].map((edge) => {
    const wire = known.get(edge.id);
    const fresh = {
      source: edge.source,
      target: edge.target,
      sourceHandle: toHandle(edge.sourceHandle),
      ariaLabel: name(edge.source, edge.target),
      data: { back: back.has(edge.id), taken: run.taken.get(edge.id) ?? 0 },
    };
    if (wire && Object.entries(fresh).every(([key, value]) => same(wire[key as keyof WireEdge], value))) return wire;
    return { ...wire, id: edge.id, type: "wire", ...fresh };
  });
}
