// New nodes, and where they find room: alone, beside another, or in the midst of a connection.
import { clearance, covers, GAP, shortOf, WIDTH, type Box } from "./arrange";
import { hasRoom } from "./clipboard";
import { coveredBy } from "./cover";
import type { Editor, Joint } from "./editor";
import * as rules from "./graph";
import { edgeId, nodeId } from "./ids";
import { bare } from "./incoming";
import { boxesOf } from "./layout";
import { lead } from "./looking";
import type { FlowEdge, FlowNode, Graph, Kind, Position } from "./types";

/** The kinds that can stand at the joint. */
export function kindsFor(editor: Editor, joint: Joint): Kind[] {
  const there = [...editor.graph.nodes.values()].map(({ type }) => type);
  return [...editor.model.kinds.values()].filter((kind) => {
    if (!hasRoom(kind, there)) return false;
    if (joint.way === "from") return kind.has_input;
    if (joint.way === "to") return kind.handles.length > 0;
    return joint.way === "alone" || (kind.has_input && kind.handles.length > 0);
  });
}

/** Ask for a node to add after `id`: at its first free way on, else on the first taken one. */
export function addAfter(editor: Editor, id: string): void {
  const node = editor.node(id);
  if (!node || !editor.editable) return;
  const edges = rules.outgoing(editor.graph, id);
  const free = node.handles.find((handle) => !edges.some((edge) => edge.sourceHandle === handle.id));
  const first = edges[0];
  if (free) editor.open({ kind: "palette", joint: { way: "from", source: id, handle: free.id }, place: null, at: null });
  else if (first) editor.open({ kind: "palette", joint: { way: "on", edge: first.id }, place: null, at: null });
  else editor.open({ kind: "palette", joint: { way: "alone" }, place: null, at: null });
}

/** Add a node of that kind at the joint; `place` is where its upper left corner is wanted. */
export function add(editor: Editor, kindName: string, joint: Joint, place: Position | null): void {
  const kind = editor.model.kinds.get(kindName);
  if (!kind || !editor.editable) return;
  const id = nodeId(kindName, editor.graph.nodes, editor.model.retired);
  const edge = joint.way === "on" ? editor.graph.edges.get(joint.edge) : undefined;
  if (edge) return insert(editor, kind, id, edge, place);
  const node = cleared(editor, [bare(id, kindName, place ?? placeAt(editor, joint), editor.model.kinds)])[0]!;
  const edges = edgesAt(editor, joint, node);
  editor.model.change(rules.withEdges(rules.withNodes(editor.graph, [node]), edges));
  made(editor, [id], editor.say(edges.length ? "added_connected" : "added", { label: kind.label }));
}

/** The nodes as they are, or further down: where they cover no other. */
export function cleared(editor: Editor, nodes: FlowNode[], others = editor.boxes()): FlowNode[] {
  const down = clearance(others, boxesOf(nodes));
  return nodes.map((node) => ({ ...node, position: { x: Math.round(node.position.x), y: Math.round(node.position.y + down) } }));
}

function edgesAt(editor: Editor, joint: Joint, node: FlowNode): FlowEdge[] {
  const id = edgeId(editor.graph.edges);
  if (joint.way === "from") return [{ id, source: joint.source, target: node.id, sourceHandle: joint.handle }];
  const first = node.handles[0];
  return joint.way === "to" && first ? [{ id, source: node.id, target: joint.target, sourceHandle: first.id }] : [];
}

/** Beside what it is joined with, else in the middle of what is seen. */
export function placeAt(editor: Editor, joint: Joint): Position {
  const [source, target] = [editor.box("source" in joint ? joint.source : ""), editor.box("target" in joint ? joint.target : "")];
  if (source) return { x: source.x + source.width + GAP.x, y: source.y };
  if (target) return { x: target.x - WIDTH - GAP.x, y: target.y };
  const { left, top, width, height } = editor.root.getBoundingClientRect();
  const middle = editor.flow.screenToFlowPosition({ x: left + (width - coveredBy(editor.root)) / 2, y: top + height / 2 });
  return { x: middle.x - WIDTH / 2, y: middle.y - 32 };
}

/** Between the two ends of an edge; what comes after makes room. */
function insert(editor: Editor, kind: Kind, id: string, edge: FlowEdge, place: Position | null): void {
  const [from, to] = [editor.box(edge.source), editor.box(edge.target)];
  if (!from || !to) return;
  const back = rules.backEdges(editor.graph).has(edge.id);
  const room = back || place ? 0 : shortOf(from, to);
  const wanted = place ?? (room ? { x: from.x + from.width + GAP.x, y: from.y } : { x: (from.x + from.width + to.x - WIDTH) / 2, y: (from.y + to.y) / 2 });
  const places = shifted(editor, to, room);
  const graph = rules.moved(editor.graph, places);
  const others = editor.boxes().filter((box) => !places.has(box.id));
  const [node] = cleared(editor, [bare(id, kind.kind, wanted, editor.model.kinds)], others);
  editor.model.change(spliced(rules.withNodes(graph, [node!]), edge, node!));
  made(editor, [id], editor.say("added_connected", { label: kind.label }));
}

/** New places for a node and what comes after it, `room` further to the right. */
function shifted(editor: Editor, from: Box, room: number): Map<string, Position> {
  const after = editor.boxes(room ? rules.downstream(editor.graph, from.id) : []).filter((box) => box.x >= from.x - WIDTH / 2);
  return new Map(after.map((box) => [box.id, { x: box.x + room, y: box.y }]));
}

/** Nodes that were made here are on the server now. Where others made theirs at the same place, what comes after
 * ours makes room, or ours do. */
export function settle(editor: Editor, made: string[]): void {
  const places = new Map<string, Position>();
  for (const own of editor.boxes(made)) {
    const others = editor.boxes().filter(({ id }) => id !== own.id);
    const other = others.find((each) => covers(own, each) && !made.includes(each.id));
    if (!other) continue;
    const after = rules.downstream(editor.graph, own.id).has(other.id);
    const moved = after ? shifted(editor, other, own.x + own.width + GAP.x - other.x) : [[own.id, { x: own.x, y: own.y + clearance(others, [own]) }] as const];
    for (const [id, place] of moved) places.set(id, place);
  }
  editor.model.change(rules.moved(editor.graph, places));
}

function spliced(graph: Graph, edge: FlowEdge, node: FlowNode): Graph {
  const on = { id: edgeId(graph.edges), source: node.id, target: edge.target, sourceHandle: node.handles[0]?.id ?? "" };
  return rules.withEdges(graph, [{ ...edge, target: node.id }, on]);
}

/** A node that stands alone was dropped on an edge: it comes in between. */
export function dropOn(editor: Editor, id: string, edge: string): void {
  const [node, on] = [editor.node(id), editor.graph.edges.get(edge)];
  if (!node?.has_input || !node.handles.length || !on || !editor.editable) return;
  if (rules.outgoing(editor.graph, id).length || rules.incoming(editor.graph, id).length) return;
  editor.model.change(spliced(editor.graph, on, node));
  editor.announce(editor.say("added_connected", { label: node.label }));
}

/** Go on with what was just made. */
export function made(editor: Editor, ids: string[], words: string): void {
  editor.open(null);
  editor.select(ids);
  editor.announce(words);
  const [first] = ids;
  if (first) lead(editor, first, { near: true });
}
