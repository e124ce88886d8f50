// The flow in good order: from left to right, what a loop repeats below the loop.
import { Graph as Drawing, layout } from "@dagrejs/dagre";
import { GAP, WIDTH, type Box } from "./arrange";
import { backEdges, bodyOf, inOrder, outgoing } from "./graph";
import { COMMENT, type Change, type FlowEdge, type FlowNode, type Graph, type Position } from "./types";

type Size = Pick<Box, "width" | "height">;
type Places = Map<string, Position>;

const BELOW = 56;

/** Whether all nodes lie in one place: those of a flow that was not drawn have none. */
export function isHeap({ nodes }: Graph): boolean {
  return nodes.size > 1 && [...nodes.values()].every(({ position }) => !position.x && !position.y);
}

/** About the boxes that the nodes will take, before they are drawn. */
export const boxesOf = (nodes: Iterable<FlowNode>): Box[] =>
  [...nodes].map(({ id, position, handles }) => ({ id, ...position, width: WIDTH, height: handles.length > 1 ? 72 + 32 * handles.length : 88 }));

/** All places, but those that are among `changes`. */
export function placesIn({ nodes }: Graph, changes: Change[]): Change[] {
  const told = new Set(changes.map(([path]) => path));
  const places = [...nodes.values()].map(({ id, position }): Change => [`nodes.${id}.position`, JSON.stringify(position)]);
  return places.filter(([path]) => !told.has(path));
}

/** New places for the nodes among `boxes`; their top left corner stays where it is. Notes stay too. */
export function tidied(graph: Graph, boxes: Box[]): Places {
  const wanted = boxes.filter(({ id }) => graph.nodes.has(id) && graph.nodes.get(id)?.type !== COMMENT);
  if (!wanted.length) return new Map();
  const sizes = new Map(wanted.map((box) => [box.id, box]));
  const places = laidOut(graph, new Set(sizes.keys()), sizes);
  const [x, y] = [Math.min(...wanted.map((box) => box.x)), Math.min(...wanted.map((box) => box.y))];
  const left = Math.min(...[...places.values()].map((place) => place.x));
  const top = Math.min(...[...places.values()].map((place) => place.y));
  return new Map([...places].map(([id, place]) => [id, { x: Math.round(place.x - left + x), y: Math.round(place.y - top + y) }]));
}

/** Loops are laid out with their bodies first, and are one block for what is around them. */
function laidOut(graph: Graph, ids: Set<string>, sizes: Map<string, Size>): Places {
  const blocks = blocksOf(graph, ids, sizes);
  const inside = new Map([...blocks].flatMap(([loop, { places }]) => [...places.keys()].map((id) => [id, loop] as const)));
  const drawing = new Drawing();
  drawing.setGraph({ rankdir: "LR", nodesep: GAP.y, ranksep: GAP.x });
  drawing.setDefaultEdgeLabel(() => ({}));
  for (const id of ids) if (!inside.has(id)) drawing.setNode(id, { ...(blocks.get(id)?.size ?? sizes.get(id)!) });
  const edges = edgesAmong(graph, ids);
  for (const { source, target } of edges) {
    const [from, to] = [inside.get(source) ?? source, inside.get(target) ?? target];
    if (from !== to) drawing.setEdge(from, to);
  }
  const outside = edges.filter(({ source, target }) => !inside.has(source) && !inside.has(target));
  // What nothing leads to stays in its order too, as if one node led to all of it.
  const starts = inOrder(graph).filter(({ id }) => drawing.hasNode(id) && !drawing.predecessors(id)?.length);
  layout(drawing, { constraints: forks([...starts.map(({ id }) => ({ source: "", target: id })), ...outside]) });
  const places: Places = new Map();
  for (const id of drawing.nodes()) {
    const { x, y } = drawing.node(id) as Position;
    const { size, places: body } = blocks.get(id) ?? { size: sizes.get(id)!, places: new Map<string, Position>() };
    const { height } = sizes.get(id)!;
    const left = x - size.width / 2;
    places.set(id, { x: left, y: y - height / 2 });
    for (const [each, place] of body) places.set(each, { x: left + place.x, y: y + height / 2 + BELOW + place.y });
  }
  return places;
}

/** What only one node leads to stands in the order of that node's handles. Of several that lead to the
 * same nodes each might want another order, which could not be kept. */
function forks(edges: Pick<FlowEdge, "source" | "target">[]): { left: string; right: string }[] {
  const sources = new Map<string, Set<string>>();
  for (const { source, target } of edges) sources.set(target, (sources.get(target) ?? new Set()).add(source));
  const last = new Map<string, string>();
  const order: { left: string; right: string }[] = [];
  for (const { source, target } of edges) {
    const left = last.get(source);
    if (sources.get(target)!.size > 1 || left === target || order.some((pair) => pair.right === target)) continue;
    if (left) order.push({ left, right: target });
    last.set(source, target);
  }
  return order;
}

interface Block {
  size: Size;
  /** Of the body, counted from its own corner. */
  places: Places;
}

/** The outermost loops with their bodies. As much room is kept above as the body takes below, so
 * that the loop stands in line with its neighbours. */
function blocksOf(graph: Graph, ids: Set<string>, sizes: Map<string, Size>): Map<string, Block> {
  const bodies = new Map<string, Set<string>>();
  for (const id of ids) {
    if (!graph.nodes.get(id)?.repeats) continue;
    const body = new Set([...bodyOf(graph, id)].filter((each) => ids.has(each)));
    if (body.size) bodies.set(id, body);
  }
  const blocks = new Map<string, Block>();
  const taken = new Set<string>();
  const largestFirst = [...bodies].sort(([, one], [, other]) => other.size - one.size);
  for (const [loop, body] of largestFirst) {
    if (taken.has(loop)) continue;
    const own = new Set([...body].filter((id) => !taken.has(id) && !blocks.has(id)));
    if (!own.size) continue;
    for (const id of own) taken.add(id);
    blocks.set(loop, block(laidOut(graph, own, sizes), loop, sizes));
  }
  return blocks;
}

function block(places: Places, loop: string, sizes: Map<string, Size>): Block {
  const all = [...places].map(([id, place]) => ({ ...sizes.get(id)!, ...place }));
  const [left, top] = [Math.min(...all.map(({ x }) => x)), Math.min(...all.map(({ y }) => y))];
  const right = Math.max(...all.map(({ x, width }) => x + width));
  const bottom = Math.max(...all.map(({ y, height }) => y + height));
  const { width, height } = sizes.get(loop)!;
  const indent = width / 2;
  const corner = [...places].map(([id, { x, y }]) => [id, { x: x - left + indent, y: y - top }] as const);
  const size = { width: Math.max(width, indent + right - left), height: height + 2 * (BELOW + bottom - top) };
  return { size, places: new Map(corner) };
}

/** Those that go on, each node's in the order of its handles: what is first is drawn above. */
function edgesAmong(graph: Graph, ids: Set<string>): FlowEdge[] {
  const back = backEdges(graph);
  return [...ids].flatMap((id) => {
    const handles = graph.nodes.get(id)!.handles.map((handle) => handle.id);
    return outgoing(graph, id)
      .filter((edge) => ids.has(edge.target) && !back.has(edge.id))
      .sort((one, other) => handles.indexOf(one.sourceHandle) - handles.indexOf(other.sourceHandle));
  });
}
