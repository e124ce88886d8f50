// What the autosave is told of a change: the paths that differ between two graphs, and their values.
import { same } from "./same";
import type { Change, FlowEdge, Graph } from "./types";

export const edgeValue = ({ source, target, sourceHandle }: FlowEdge): string =>
  JSON.stringify({ source, target, sourceHandle: sourceHandle || null });

/** Removals come first, then what edges need: nodes. */
export function changes(before: Graph, after: Graph): Change[] {
  const found: Change[] = [];
  for (const id of before.edges.keys()) if (!after.edges.has(id)) found.push([`edges.${id}`, ""]);
  for (const id of before.nodes.keys()) if (!after.nodes.has(id)) found.push([`nodes.${id}`, ""]);
  for (const [id, node] of after.nodes) {
    const old = before.nodes.get(id);
    const { x, y } = node.position;
    if (!old) found.push([`nodes.${id}.type`, node.type]);
    if (!same(old?.position, node.position)) found.push([`nodes.${id}.position`, JSON.stringify({ x, y })]);
    if (!old && node.data !== undefined) found.push([`nodes.${id}.data`, JSON.stringify(node.data)]);
    if (!old && node.copied) found.push([`nodes.${id}.copied`, JSON.stringify(node.copied)]);
  }
  for (const [id, edge] of after.edges) {
    const old = before.edges.get(id);
    if (!old || edgeValue(old) !== edgeValue(edge)) found.push([`edges.${id}`, edgeValue(edge)]);
  }
  return found;
}
