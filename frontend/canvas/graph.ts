// What may be connected with what, and what follows from what. Knows no screen and no server: the
// server judges again when it saves.
import { COMMENT, type FlowEdge, type FlowNode, type Graph, type Position } from "./types";

/** The handle whose edges lead into what a loop repeats. */
export const BODY = "body";

export interface Connection {
  source: string;
  sourceHandle: string;
  target: string;
}

/** Why two nodes are not connected: the name of a text. */
export type Refusal = "refused_self" | "refused_input" | "refused_double" | "refused_taken" | "refused_cycle";

export const graphOf = (nodes: Iterable<FlowNode>, edges: Iterable<FlowEdge>): Graph => ({
  nodes: new Map([...nodes].map((node) => [node.id, node])),
  edges: new Map([...edges].map((edge) => [edge.id, edge])),
});

export const outgoing = (graph: Graph, id: string): FlowEdge[] =>
  [...graph.edges.values()].filter((edge) => edge.source === id);

export const incoming = (graph: Graph, id: string): FlowEdge[] =>
  [...graph.edges.values()].filter((edge) => edge.target === id);

type Next = Map<string, string[]>;

function nextOf(edges: Iterable<FlowEdge>): Next {
  const next: Next = new Map();
  for (const { source, target } of edges) next.set(source, [...(next.get(source) ?? []), target]);
  return next;
}

/** All that can be reached from `starts`, with them; nothing beyond `wall`. */
function reached(next: Next, starts: Iterable<string>, wall = ""): Set<string> {
  const found = new Set<string>();
  const waiting = [...starts];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (found.has(id) || id === wall) continue;
    found.add(id);
    waiting.push(...(next.get(id) ?? []));
  }
  return found;
}

/** The nodes that a loop repeats: what its body leads to before it comes back. */
export function bodyOf(graph: Graph, loop: string): Set<string> {
  const starts = outgoing(graph, loop).filter((edge) => edge.sourceHandle === BODY);
  return reached(nextOf(graph.edges.values()), starts.map((edge) => edge.target), loop);
}

/** The edges that lead back to a loop from inside of its body: the cycles there may be. */
export function backEdges(graph: Graph): Set<string> {
  const back = new Set<string>();
  for (const loop of graph.nodes.values()) {
    if (!loop.repeats) continue;
    const body = bodyOf(graph, loop.id);
    for (const edge of incoming(graph, loop.id)) if (body.has(edge.source)) back.add(edge.id);
  }
  return back;
}

const forward = (graph: Graph): FlowEdge[] => {
  const back = backEdges(graph);
  return [...graph.edges.values()].filter((edge) => !back.has(edge.id));
};

/** Everything that comes after `id` without going round a loop. */
export const downstream = (graph: Graph, id: string): Set<string> => reached(nextOf(forward(graph)), [id]);

/** Why the connection cannot be made, or null. `except` is an edge that it takes the place of. */
export function refusal(graph: Graph, wanted: Connection, except?: string): Refusal | null {
  const { source, sourceHandle, target } = wanted;
  if (source === target) return "refused_self";
  if (!graph.nodes.has(source) || !graph.nodes.get(target)?.has_input) return "refused_input";
  const rest = except ? withoutEdges(graph, [except]) : graph;
  const same = outgoing(rest, source).filter((edge) => edge.sourceHandle === sourceHandle);
  if (same.some((edge) => edge.target === target)) return "refused_double";
  // Only the main way on may lead to several nodes: they run side by side.
  if (sourceHandle && same.length) return "refused_taken";
  return closesCycle(rest, wanted) ? "refused_cycle" : null;
}

function closesCycle(graph: Graph, { source, target }: Connection): boolean {
  if (!downstream(graph, target).has(source)) return false;
  return !(graph.nodes.get(target)?.repeats && bodyOf(graph, target).has(source));
}

/** The nodes that `handle` of `source` may lead to, in the flow's order. */
export const targetsOf = (graph: Graph, source: string, sourceHandle: string, except?: string): FlowNode[] =>
  inOrder(graph).filter(({ id }) => !refusal(graph, { source, sourceHandle, target: id }, except));

/** The nodes in the order in which the flow comes to them, from top to bottom where it forks; notes last. */
export function inOrder(graph: Graph): FlowNode[] {
  const edges = forward(graph);
  const next = nextOf(edges);
  const missing = new Map<string, number>();
  for (const { target } of edges) missing.set(target, (missing.get(target) ?? 0) + 1);
  const byPlace = (one: FlowNode, other: FlowNode): number =>
    Number(one.type === COMMENT) - Number(other.type === COMMENT) ||
    one.position.y - other.position.y ||
    one.position.x - other.position.x;
  const starts = [...graph.nodes.values()].filter(({ id }) => !missing.get(id)).sort(byPlace);
  const order = new Set<FlowNode>();
  const come = (node: FlowNode): void => {
    if (order.has(node)) return;
    order.add(node);
    const ready = (next.get(node.id) ?? []).filter((id) => {
      const left = (missing.get(id) ?? 0) - 1;
      missing.set(id, left);
      return left === 0;
    });
    const nodes = ready.flatMap((id) => graph.nodes.get(id) ?? []);
    for (const each of nodes.sort(byPlace)) come(each);
  };
  for (const node of starts) come(node);
  // A document may hold a cycle that nobody drew here.
  for (const node of graph.nodes.values()) order.add(node);
  return [...order];
}

export function withNodes(graph: Graph, nodes: Iterable<FlowNode>): Graph {
  const all = new Map(graph.nodes);
  for (const node of nodes) all.set(node.id, node);
  return { ...graph, nodes: all };
}

export function withEdges(graph: Graph, edges: Iterable<FlowEdge>): Graph {
  const all = new Map(graph.edges);
  for (const edge of edges) all.set(edge.id, edge);
  return { ...graph, edges: all };
}

export function withoutEdges(graph: Graph, ids: Iterable<string>): Graph {
  const edges = new Map(graph.edges);
  for (const id of ids) edges.delete(id);
  return { ...graph, edges };
}

/** Without the nodes, and without the edges that would hang in the air. */
export function withoutNodes(graph: Graph, ids: Iterable<string>): Graph {
  const nodes = new Map(graph.nodes);
  for (const id of ids) nodes.delete(id);
  const edges = [...graph.edges].filter(([, { source, target }]) => nodes.has(source) && nodes.has(target));
  return { nodes, edges: new Map(edges) };
}

export function moved(graph: Graph, positions: Iterable<readonly [string, Position]>): Graph {
  const nodes: FlowNode[] = [];
  for (const [id, { x, y }] of positions) {
    const node = graph.nodes.get(id);
    const position = { x: Math.round(x), y: Math.round(y) };
    if (node && (node.position.x !== position.x || node.position.y !== position.y)) nodes.push({ ...node, position });
  }
  return nodes.length ? withNodes(graph, nodes) : graph;
}
