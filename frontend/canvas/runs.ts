// What a run of the flow has come to: each node's state, and the edges it took. Knows no screen.
import { incoming, outgoing } from "./graph";
import type { Graph } from "./types";

export type RunStatus = "running" | "ok" | "waiting" | "failed" | "handled";

export interface NodeRun {
  status: RunStatus;
  ms: number | null;
}

export interface Run {
  nodes: ReadonlyMap<string, NodeRun>;
  /** By id, how often: a loop takes an edge again. */
  taken: ReadonlyMap<string, number>;
  /** Where nodes stood last; what a node runs itself stands below it. */
  places: ReadonlyMap<string, readonly number[]>;
}

export interface RunEvent {
  event: "run_started" | "node_started" | "node_finished" | "run_finished";
  node_id?: string;
  place?: readonly number[];
  /** What was taken over from an earlier run, or pinned, looks like what was done. */
  status?: Exclude<RunStatus, "running"> | "reused" | "pinned";
  duration_ms?: number;
  handle?: string | null;
}

export const NO_RUN: Run = { nodes: new Map(), taken: new Map(), places: new Map() };

export function after(run: Run, event: RunEvent, graph: Graph): Run {
  const id = event.node_id ?? "";
  switch (event.event) {
    case "run_started":
      return NO_RUN;
    case "node_started":
      return { ...entered(run, event, graph), nodes: new Map(run.nodes).set(id, { status: "running", ms: null }) };
    case "node_finished": {
      const status = shownAs(event.status);
      // Of a run that was kept only the ends are told.
      const { taken, places } = run.nodes.get(id)?.status === "running" ? run : entered(run, event, graph);
      const nodes = new Map(run.nodes).set(id, { status, ms: event.duration_ms ?? null });
      return { nodes, places, taken: taking(taken, event, graph) };
    }
    // What was still running when it ended was called off.
    case "run_finished":
      return { ...run, nodes: new Map([...run.nodes].filter(([, { status }]) => status !== "running")) };
  }
}

const shownAs = (status: RunEvent["status"]): RunStatus => (status === undefined || status === "reused" || status === "pinned" ? "ok" : status);

/** The run as a node begins: the edge is taken by which the node is led to that runs it itself. */
function entered({ nodes, taken, places }: Run, { node_id = "", place }: RunEvent, graph: Graph): Run {
  if (!place) return { nodes, taken, places };
  const isOwner = (id: string): boolean => {
    const above = places.get(id);
    return !!above && above.length < place.length && above.every((each, at) => each === place[at]);
  };
  const entering = incoming(graph, node_id).filter(({ source }) => isOwner(source));
  const more = entering.map(({ id }) => [id, (taken.get(id) ?? 0) + 1] as const);
  return { nodes, taken: new Map([...taken, ...more]), places: new Map(places).set(node_id, place) };
}

function taking(known: Run["taken"], { node_id = "", status, handle }: RunEvent, graph: Graph): Run["taken"] {
  const taken = new Map(known);
  if (status === "failed" || status === "waiting") return taken;
  for (const { id, sourceHandle } of outgoing(graph, node_id)) {
    if (sourceHandle === (handle ?? "")) taken.set(id, (taken.get(id) ?? 0) + 1);
  }
  return taken;
}
