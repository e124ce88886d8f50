// Nodes as text on the clipboard, so that they can be pasted into another flow or tab. Text of any
// other form is nothing of ours. Knows no clipboard.
import { bare, edgeIn } from "./incoming";
import { edgeId, isId, nodeId } from "./ids";
import type { FlowEdge, FlowNode, Graph, Kind, Position } from "./types";

const MARK = "privexbot/flow";
const MOST = 500;

interface Copied {
  nodes: Pick<FlowNode, "id" | "type" | "position" | "data" | "copied">[];
  edges: FlowEdge[];
}

/** What `ids` and the edges among them are as text. */
export function copied(graph: Graph, ids: ReadonlySet<string>): string {
  const nodes = [...graph.nodes.values()].filter(({ id }) => ids.has(id));
  const edges = [...graph.edges.values()].filter(({ source, target }) => ids.has(source) && ids.has(target));
  const plain = nodes.map(({ id, type, position, data, copied }) => ({ id, type, position, data, copied }));
  return JSON.stringify({ format: MARK, version: 1, nodes: plain, edges });
}

/** The nodes in `text`, or null when there are none of ours. */
export function copiedIn(text: string): Copied | null {
  if (!text.includes(MARK)) return null;
  try {
    const found = JSON.parse(text) as Partial<Copied> & { format?: string };
    if (found.format !== MARK || !Array.isArray(found.nodes)) return null;
    const nodes = found.nodes.filter(isNode).slice(0, MOST);
    const edges = (Array.isArray(found.edges) ? found.edges : []).flatMap((edge) => edgeIn("", JSON.stringify(edge)) ?? []);
    return nodes.length ? { nodes, edges } : null;
  } catch {
    return null;
  }
}

const isNode = (node: Partial<FlowNode> | null): boolean =>
  isId(node?.id) && typeof node.type === "string" && Number.isFinite(node.position?.x) && Number.isFinite(node.position?.y);

export interface Pasted {
  nodes: FlowNode[];
  edges: FlowEdge[];
  /** How many were left out: kinds that are not known, or of which there are all that may be. */
  left: number;
  /** Whether a start was left out, since there is one that begins the same way. */
  start: boolean;
}

/** Whether a flow with nodes of these types may have one more of the kind. */
export const hasRoom = ({ kind, most }: Kind, types: string[]): boolean => !most || types.filter((type) => type === kind).length < most;

/** What a start begins with; "" for any other node. */
const beginning = ({ type, data }: Pick<FlowNode, "type" | "data">): string =>
  type === "trigger" ? (data as { trigger_type?: string } | null)?.trigger_type || "chat_message" : "";

/** The copied nodes under names of their own, moved by `offset`, with the edges among them. */
export function renewed(copy: Copied, graph: Graph, kinds: Map<string, Kind>, offset: Position, retired: Set<string>): Pasted {
  const names = new Map<string, string>();
  const nodes = new Map<string, FlowNode>();
  const there = [...graph.nodes.values()].map(({ type }) => type);
  const begun = new Set([...graph.nodes.values()].map(beginning));
  let start = false;
  for (const node of copy.nodes) {
    const { id, type, position, data } = node;
    const kind = kinds.get(type);
    const begins = beginning(node);
    if (begins && begun.has(begins)) {
      start = true;
      continue;
    }
    if (!kind || !hasRoom(kind, there)) continue;
    there.push(type);
    begun.add(begins);
    const name = nodeId(type, graph.nodes, nodes, retired);
    const place = { x: Math.round(position.x + offset.x), y: Math.round(position.y + offset.y) };
    names.set(id, name);
    nodes.set(name, { ...bare(name, type, place, kinds), ...handlesOf(copy, id, kind), ...(data != null && { data }) });
  }
  const edges = copy.edges.flatMap(({ source, target, sourceHandle }) => {
    const [from, to] = [names.get(source), names.get(target)];
    return from && to ? [{ id: edgeId(graph.edges), source: from, target: to, sourceHandle }] : [];
  });
  const renames = Object.fromEntries(names);
  for (const { id, data, copied } of copy.nodes) {
    const node = nodes.get(names.get(id) ?? "");
    // The copy of a copy that is not saved yet still reads what the first one did.
    const before = Object.entries(copied ?? {}).map(([old, name]) => [old, renames[name] ?? name]);
    if (node && data != null) node.copied = { ...renames, ...Object.fromEntries(before) };
  }
  return { nodes: [...nodes.values()], edges, left: copy.nodes.length - nodes.size, start };
}

/** Until the server says which handles the settings make, those that the edges need. */
function handlesOf(copy: Copied, id: string, kind: Kind): Pick<FlowNode, "handles"> {
  const used = copy.edges.filter((edge) => edge.source === id).map((edge) => edge.sourceHandle);
  const more = used.filter((handle) => !kind.handles.some((each) => each.id === handle));
  return { handles: [...kind.handles, ...more.map((handle) => ({ id: handle, label: handle }))] };
}

/** Where the middle of the copied nodes is. */
export function middleOf(copy: Copied): Position {
  const xs = copy.nodes.map(({ position }) => position.x);
  const ys = copy.nodes.map(({ position }) => position.y);
  return { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: (Math.min(...ys) + Math.max(...ys)) / 2 };
}
