// What a run of the flow has come to: each node's state, and the edges it took. Knows no screen.
import { incoming, outgoing } from "./graph";
import type { FlowEdge, Graph } from "./types";

export type RunStatus = "running" | "ok" | "waiting" | "failed" | "handled";

export interface NodeRun {
  status: RunStatus;
  ms: number | null;
  /** The way it went on, once it did. */
  left?: string;
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
      const ended: NodeRun = { status, ms: event.duration_ms ?? null };
      if (status !== "failed" && status !== "waiting") ended.left = event.handle ?? "";
      // What a loop repeats leads back to it, which goes on all the time.
      const back = outgoing(graph, id).filter((edge) => edge.sourceHandle === ended.left && isWithin(places.get(id), places.get(edge.target)));
      return { nodes: new Map(run.nodes).set(id, ended), places, taken: more(taken, back) };
    }
    // What was still running when it ended was called off.
    case "run_finished":
      return { ...run, nodes: new Map([...run.nodes].filter(([, { status }]) => status !== "running")) };
  }
}

const shownAs = (status: RunEvent["status"]): RunStatus => (status === undefined || status === "reused" || status === "pinned" ? "ok" : status);

/** Whether what stands at the one place is run by what stands at the other. */
const isWithin = (place?: readonly number[], above?: readonly number[]): boolean =>
  !!place && !!above && above.length < place.length && above.every((each, at) => each === place[at]);

/** The run as a node begins: the edges are taken that lead to it from where the run went on to it, and from what
 * runs it itself. An edge that was drawn since the run leads from or to what had no part in it. */
function entered({ nodes, taken, places }: Run, { node_id = "", place }: RunEvent, graph: Graph): Run {
  const edges = incoming(graph, node_id).filter(({ source, sourceHandle }) => nodes.get(source)?.left === sourceHandle || isWithin(place, places.get(source)));
  return { nodes, taken: more(taken, edges), places: place ? new Map(places).set(node_id, place) : places };
}

const more = (taken: Run["taken"], edges: FlowEdge[]): Run["taken"] =>
  new Map([...taken, ...edges.map(({ id }) => [id, (taken.get(id) ?? 0) + 1] as const)]);
