// What the server says of the graph: changes of others, what an undo brought back, and how nodes are
// called and what is wrong with them. Knows no screen.
import type { DraftState } from "../builder/outcome";
import { isId, type Names } from "./ids";
import { same } from "./same";
import type { Described, FlowEdge, FlowNode, Graph, Kind, Position, Problems } from "./types";

type Told = Pick<DraftState, "paths" | "values">;
type Kinds = ReadonlyMap<string, Kind>;
/** The value to show at a path: what is typed and not sent yet is newer than what comes. */
type Shown = (path: string, told: string) => string;

function parsed<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T;
  } catch {
    return null;
  }
}

/** A position as it may come: as JSON, with whatever numbers. */
export function positionIn(text: string): Position | null {
  const found = parsed<Position>(text);
  if (!Number.isFinite(found?.x) || !Number.isFinite(found?.y)) return null;
  return { x: Math.round(found!.x), y: Math.round(found!.y) };
}

export function edgeIn(id: string, text: string): FlowEdge | null {
  const found = parsed<Partial<FlowEdge>>(text);
  if (!isId(found?.source) || !isId(found?.target)) return null;
  return { id, source: found.source, target: found.target, sourceHandle: found.sourceHandle || "" };
}

/** A node of which nothing is known but its kind. */
export function bare(id: string, type: string, position: Position, kinds: Kinds): FlowNode {
  const kind = kinds.get(type);
  return {
    id,
    type,
    position,
    label: kind?.label ?? type,
    summary: "",
    handles: kind?.handles ?? [{ id: "", label: "" }],
    has_input: kind?.has_input ?? true,
    repeats: kind?.repeats ?? false,
  };
}

const ITEM = /^(nodes|edges)\.([^.]+)/;

/** The graph after what `told` says; the same one where it says nothing about it. What it says of
 * names that are `ours` alone so far is about somebody else's nodes, and is told once more. */
export function applied(graph: Graph, told: Told, kinds: Kinds, shown: Shown = (_, value) => value, ours: Names = new Set()): Graph {
  const nodes = new Map(graph.nodes);
  const edges = new Map(graph.edges);
  const value = (path: string): string | undefined => {
    const found = told.values[path];
    return found === undefined ? undefined : shown(path, String(found));
  };
  // Of what is gone there is no value any more, of whatever else changed there is one at least.
  const touched = new Map<string, [part: string, id: string, gone: boolean]>();
  for (const path of told.paths) {
    note(touched, path, true);
    // A whole list changed: of its items those are left that are told.
    if (path === "nodes") for (const id of nodes.keys()) note(touched, `nodes.${id}`, true);
    if (path === "edges") for (const id of edges.keys()) note(touched, `edges.${id}`, true);
  }
  for (const path of Object.keys(told.values)) note(touched, path, false);
  for (const [part, id, gone] of touched.values()) {
    if (part === "edges") tellEdge(edges, id, gone, value, ours);
    else if (!ours.has(id)) tellNode(nodes, id, gone, value, kinds);
  }
  for (const [id, { source, target }] of edges) if (!nodes.has(source) || !nodes.has(target)) edges.delete(id);
  return touched.size ? { nodes, edges } : graph;
}

function note(touched: Map<string, [string, string, boolean]>, path: string, gone: boolean): void {
  const [item, part, id] = ITEM.exec(path) ?? [];
  if (item && part && isId(id)) touched.set(item, [part, id, gone]);
}

type Value = (path: string) => string | undefined;

function tellNode(nodes: Map<string, FlowNode>, id: string, gone: boolean, value: Value, kinds: Kinds): void {
  const path = `nodes.${id}`;
  const type = value(`${path}.type`);
  const known = nodes.get(id);
  if (gone || value(path) === "") return void nodes.delete(id);
  if (!known && !type) return;
  const position = positionIn(value(`${path}.position`) ?? "") ?? known?.position ?? { x: 0, y: 0 };
  const base = known && (!type || type === known.type) ? known : bare(id, type ?? "", position, kinds);
  const data = value(`${path}.data`);
  const fresh = { ...base, position, ...(data !== undefined && { data: parsed(data) }) };
  if (!same(fresh, known)) nodes.set(id, fresh);
}

function tellEdge(edges: Map<string, FlowEdge>, id: string, gone: boolean, value: Value, ours: Names): void {
  const text = value(`edges.${id}`);
  const edge = text ? edgeIn(id, text) : null;
  if (edge && (ours.has(edge.source) || ours.has(edge.target))) return;
  if (edge) edges.set(id, edge);
  else if (gone || text === "") edges.delete(id);
}

/** The graph with what the server calls its nodes; nodes of which it says nothing new stay the same. */
export function described(graph: Graph, said: Described["nodes"]): Graph {
  const nodes = new Map(graph.nodes);
  for (const [id, more] of Object.entries(said)) {
    const node = nodes.get(id);
    if (!node) continue;
    const fresh = { ...node, ...more, copied: undefined };
    if (!same(fresh, node)) nodes.set(id, fresh);
  }
  return { ...graph, nodes };
}

/** What is wrong with each node; lists that did not change stay the same. */
export function judged(known: Problems, said: Problems): Problems {
  const kept = Object.entries(said).map(([id, list]) => [id, same(known[id], list) ? known[id]! : list] as const);
  return Object.fromEntries(kept);
}
