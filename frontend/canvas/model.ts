// The flow as it is on the screen, and how it changes: here, by the server's word, and by a run.
// Tells whoever subscribes; knows nothing of how it is drawn.
import type { DraftState } from "../builder/outcome";
import { changes } from "./changes";
import { graphOf } from "./graph";
import { applied, described, judged } from "./incoming";
import type { Outgoing } from "./outgoing";
import { after, NO_RUN, type Run, type RunEvent } from "./runs";
import type { CanvasData, Described, Graph, Kind, Problems } from "./types";

type Told = Pick<DraftState, "paths" | "values"> & Partial<Pick<DraftState, "editable">>;

export interface Shown {
  editable: boolean;
  graph: Graph;
  problems: Problems;
  /** Added here, and nothing written into them yet: what they lack is to be filled in, not wrong. */
  blank: ReadonlySet<string>;
  run: Run;
}

export class Model {
  readonly kinds: Map<string, Kind>;
  outgoing!: Outgoing;
  /** Ids whose removal may still be on its way: a new node of that name would be taken for the old. */
  readonly retired = new Set<string>();
  private state: Shown;
  /** Made here, and not known to be on the server yet. */
  private readonly fresh = new Set<string>();
  private readonly listeners = new Set<() => void>();

  constructor(data: CanvasData) {
    this.kinds = new Map(data.kinds.map((kind) => [kind.kind, kind]));
    const edges = data.edges.map((edge) => ({ ...edge, sourceHandle: edge.sourceHandle || "" }));
    this.state = { editable: data.editable, graph: graphOf(data.nodes, edges), problems: data.problems, blank: new Set(), run: NO_RUN };
  }

  readonly shown = (): Shown => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get editable(): boolean {
    return this.state.editable;
  }

  get graph(): Graph {
    return this.state.graph;
  }

  /** Whether the server has the node, so that its settings can be asked for. */
  isSaved(id: string): boolean {
    return !this.fresh.has(id);
  }

  private show(news: Partial<Shown>): void {
    this.state = { ...this.state, ...news };
    for (const listener of this.listeners) listener();
  }

  /** Change the flow here; whether anything changed. Moves wait for more of their kind. */
  change(graph: Graph): boolean {
    const made = this.editable ? changes(this.graph, graph) : [];
    if (!made.length) return false;
    for (const id of this.graph.nodes.keys()) if (!graph.nodes.has(id)) this.retired.add(id);
    for (const id of graph.nodes.keys()) if (!this.graph.nodes.has(id)) this.fresh.add(id);
    const added = [...graph.nodes.values()].filter(({ id, data }) => !this.graph.nodes.has(id) && data === undefined);
    this.show({ graph, blank: new Set([...this.state.blank, ...added.map(({ id }) => id)]) });
    this.outgoing.send(made, made.some(([path]) => !path.endsWith(".position")));
    return true;
  }

  /** The server has saved something, here or elsewhere. */
  told(state: Told, said: Described | null): void {
    const shown = (path: string, value: string): string => this.outgoing.shown(path) ?? value;
    const graph = applied(this.graph, state, this.kinds, shown);
    this.retired.clear();
    // Where the page does not say what is there, what was sent is.
    if (!said) this.fresh.clear();
    this.show({ graph, editable: state.editable ?? this.editable });
    if (said) this.describe(said);
  }

  describe({ nodes, problems }: Described): void {
    for (const id of Object.keys(nodes)) this.fresh.delete(id);
    this.show({ graph: described(this.graph, nodes), problems: judged(this.state.problems, problems) });
  }

  /** Somebody writes into a node, or asks what is wrong with the flow. */
  begun(node?: string): void {
    const blank = [...this.state.blank].filter((id) => node !== undefined && id !== node);
    if (blank.length < this.state.blank.size) this.show({ blank: new Set(blank) });
  }

  ran(event: RunEvent): void {
    this.show({ blank: new Set(), run: after(this.state.run, event, this.graph) });
  }
}
