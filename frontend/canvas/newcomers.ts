// Nodes made here under names that somebody else had taken: the server gives them others.
import { graphOf } from "./graph";
import type { Graph } from "./types";

/** The graph with nodes under other names, new by old. */
export function renumbered(graph: Graph, names: ReadonlyMap<string, string>): Graph {
  const named = (id: string): string => names.get(id) ?? id;
  const nodes = [...graph.nodes.values()].map((node) => (names.has(node.id) ? { ...node, id: named(node.id) } : node));
  const edges = [...graph.edges.values()].map((edge) =>
    names.has(edge.source) || names.has(edge.target) ? { ...edge, source: named(edge.source), target: named(edge.target) } : edge,
  );
  return graphOf(nodes, edges);
}
