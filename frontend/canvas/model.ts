// The flow as it is on the screen, and how it changes: here, by the server's word, and by a run.
// Tells whoever subscribes; knows nothing of how it is drawn.
import type { DraftState } from "../builder/outcome";
import { changes, edgeValue } from "./changes";
import { graphOf, moved } from "./graph";
import { nodeId } from "./ids";
import { applied, described, judged } from "./incoming";
import { boxesOf, isHeap, placesIn, tidied } from "./layout";
import { renumbered } from "./newcomers";
import type { Outgoing } from "./outgoing";
import { after, NO_RUN, type Run, type RunEvent } from "./runs";
import type { CanvasData, Described, Graph, Kind, Problems } from "./types";

type Told = Pick<DraftState, "paths" | "values"> & Partial<Pick<DraftState, "editable" | "patch_id" | "renamed">>;

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
  /** Ids whose removal may still be on its way: a new node of that name would be taken for the old.
   * Also those that the server may give to a node that it is just asked to keep. */
  readonly retired = new Set<string>();
  private state: Shown;
  /** Made here, and not known to be on the server yet; with the change that brings it there, once
   * that is on its way. */
  private readonly fresh = new Map<string, string>();
  /** The places are ours alone: nobody has given any yet. */
  private unplaced: boolean;
  private readonly spare: string[] = [];
  /** What the last save was about. */
  private sent: ReadonlySet<string> = new Set();
  private readonly listeners = new Set<() => void>();

  constructor(data: CanvasData) {
    this.kinds = new Map(data.kinds.map((kind) => [kind.kind, kind]));
    const edges = data.edges.map((edge) => ({ ...edge, sourceHandle: edge.sourceHandle || "" }));
    const graph = graphOf(data.nodes, edges);
    const places = isHeap(graph) ? tidied(graph, boxesOf(graph.nodes.values())) : null;
    this.unplaced = places !== null;
    this.state = { editable: data.editable, graph: places ? moved(graph, places) : graph, problems: data.problems, blank: new Set(), run: NO_RUN };
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

  /** The nodes that were made here and are not known to be on the server. */
  get unsaved(): string[] {
    return [...this.fresh.keys()];
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
    if (this.unplaced) made.push(...placesIn(graph, made));
    this.unplaced = false;
    for (const id of this.graph.nodes.keys()) if (!graph.nodes.has(id)) this.retired.add(id);
    for (const id of graph.nodes.keys()) if (!this.graph.nodes.has(id)) this.fresh.set(id, "");
    const added = [...graph.nodes.values()].filter(({ id, data }) => !this.graph.nodes.has(id) && data === undefined);
    this.show({ graph, blank: new Set([...this.state.blank, ...added.map(({ id }) => id)]) });
    this.outgoing.send(made, made.some(([path]) => !path.endsWith(".position")));
    return true;
  }

  /** A save is about to be sent: with it go the names that are used here and not known there. */
  sending(body: URLSearchParams): void {
    for (const id of this.fresh.keys()) {
      body.append("_known", id);
      const type = body.get(`nodes.${id}.type`);
      if (!type) continue;
      this.fresh.set(id, body.get("patch_id") ?? "");
      const spare = nodeId(type, this.graph.nodes, this.retired);
      this.retired.add(spare);
      this.spare.push(spare);
    }
    this.sent = new Set(body.keys());
  }

  /** An answer came, or none will: no new names are given any more. */
  answered(): void {
    for (const id of this.spare.splice(0)) this.retired.delete(id);
  }

  /** The server has saved something, here or elsewhere. Gives the new names of nodes that were made
   * here under names that others had taken. */
  told(state: Told, said: Described | null): Map<string, string> {
    const names = this.takeOver(state);
    const shown = (path: string, value: string): string => this.outgoing.shown(path) ?? value;
    const graph = applied(this.graph, state, this.kinds, shown, this.fresh);
    if (state.patch_id) this.retired.clear();
    this.show({ graph, editable: state.editable ?? this.editable });
    if (said) this.describe(said);
    return names;
  }

  /** Nodes made here are on the server now, maybe under other names. */
  private takeOver({ patch_id: patch, renamed = [] }: Told): Map<string, string> {
    const arrived = [...this.fresh].flatMap(([id, sent]) => (patch && sent === patch ? [id] : []));
    const wanted = renamed.map(([from, to]) => [from.slice(6), to.slice(6)] as const);
    const names = new Map(wanted.filter(([from]) => arrived.includes(from)));
    for (const id of arrived) this.fresh.delete(id);
    if (!names.size) return names;
    const before = this.graph;
    this.show({ graph: renumbered(before, names), blank: new Set([...this.state.blank].map((id) => names.get(id) ?? id)) });
    for (const from of names.keys()) this.outgoing.forget(`nodes.${from}`);
    // What was drawn since leads to the old names, as it waits to be sent.
    const since = [...this.graph.edges.values()].filter((edge) => edge !== before.edges.get(edge.id) && !this.sent.has(`edges.${edge.id}`));
    if (since.length) this.outgoing.send(since.map((edge) => [`edges.${edge.id}`, edgeValue(edge)]), true);
    return names;
  }

  /** Of a name that is not known to be on the server as the node here, what is said is of another. */
  describe({ nodes, problems }: Described): void {
    const ours = Object.fromEntries(Object.entries(nodes).filter(([id]) => this.isSaved(id)));
    this.show({ graph: described(this.graph, ours), problems: judged(this.state.problems, problems) });
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
