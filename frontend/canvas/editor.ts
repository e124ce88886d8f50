// What can be done on the canvas, whichever way it is asked for: by pointer, key or menu. Each
// command changes the model, selects what it made, and says what happened.
import type { Connection as Drawn, ReactFlowInstance } from "@xyflow/react";
import { openDialog } from "../app/dialogs";
import { byId } from "../app/page";
import { aligned, clearance, covers, distributed, GAP, passage, shortOf, WIDTH, type Axis, type Box, type Side } from "./arrange";
import { fromHandle, type CardNode, type WireEdge } from "./cards";
import { coveredBy, roomAbove } from "./cover";
import { copied, copiedIn, hasRoom, middleOf, renewed } from "./clipboard";
import * as rules from "./graph";
import type { Refusal } from "./graph";
import { edgeId, nodeId } from "./ids";
import { bare } from "./incoming";
import { boxesOf, tidied } from "./layout";
import type { Model } from "./model";
import { restoring } from "./restoring";
import { nearest } from "./walk";
import type { Say } from "./texts";
import type { FlowEdge, FlowNode, Graph, Kind, Position } from "./types";

export type Instance = ReactFlowInstance<CardNode, WireEdge>;

/** What a new node is to be connected with. */
export type Joint =
  | { way: "from"; source: string; handle: string }
  | { way: "to"; target: string }
  | { way: "on"; edge: string }
  | { way: "alone" };

/** What is open over the canvas. */
export type Open =
  | { kind: "palette"; joint: Joint; place: Position | null; at: Position | null }
  | { kind: "find" }
  | { kind: "ways"; source: string }
  | { kind: "targets"; source: string; handle: string; edge: string | null }
  | { kind: "connections"; node: string }
  | { kind: "menu"; at: Position; node: string | null; edge: string | null }
  | { kind: "arrange"; at: Position };

const STEP = 24;

export class Editor {
  flow!: Instance;
  /** Show something over the canvas, or nothing; and say something. */
  open!: (what: Open | null) => void;
  announce!: (words: string) => void;
  select!: (nodes: Iterable<string>, edges?: Iterable<string>) => void;

  constructor(
    readonly model: Model,
    readonly say: Say,
    readonly root: HTMLElement,
  ) {}

  get graph(): Graph {
    return this.model.graph;
  }

  get editable(): boolean {
    return this.model.editable;
  }

  node(id: string): FlowNode | undefined {
    return this.graph.nodes.get(id);
  }

  label(id: string): string {
    return this.node(id)?.label || id;
  }

  /** The node that somebody came to by the keyboard, if it is the one that the keys are about. */
  at: string | null = null;

  /** The nodes that a key is about: the selected ones, or one beside them that has the focus. It is
   * selected with that. */
  meant(): string[] {
    const [selected, at] = [this.selected(), this.focused()];
    if (!at || selected.includes(at) || (this.at !== at && selected.length + this.selectedEdges().length)) return selected;
    this.select([at]);
    return [at];
  }

  selected(): string[] {
    return this.flow.getNodes().flatMap((node) => (node.selected ? [node.id] : []));
  }

  selectedEdges(): string[] {
    return this.flow.getEdges().flatMap((edge) => (edge.selected ? [edge.id] : []));
  }

  boxes(ids?: Iterable<string>): Box[] {
    const { nodes } = this.graph;
    const wanted = ids ? [...ids].flatMap((id) => nodes.get(id) ?? []) : nodes.values();
    // What was just made is not drawn yet.
    return boxesOf(wanted).map((box) => {
      const drawn = this.flow.getNode(box.id);
      return { ...box, ...drawn?.position, ...drawn?.measured };
    });
  }

  private box(id: string): Box | undefined {
    return this.boxes([id])[0];
  }

  // Looking

  /** Bring a node into view, where it is not, or to the middle; and give it the focus. One that was
   * just made is drawn within a few frames. */
  lead(id: string, { centre = false, focus = true, tries = 20 } = {}): void {
    const box = this.box(id);
    if (!box && tries) requestAnimationFrame(() => this.lead(id, { centre, focus, tries: tries - 1 }));
    if (!box) return;
    const { height: whole, left, top } = this.root.getBoundingClientRect();
    const covered = coveredBy(this.root);
    const height = roomAbove(this.root);
    const width = this.root.clientWidth - covered;
    const [start, end] = [
      this.flow.flowToScreenPosition(box),
      this.flow.flowToScreenPosition({ x: box.x + box.width, y: box.y + box.height }),
    ];
    const seen = start.x >= left && start.y >= top && end.x <= left + width && end.y <= top + height;
    const { zoom } = this.flow.getViewport();
    if (centre || !seen) {
      const close = Math.max(zoom, centre ? 0.8 : 0.4);
      const x = box.x + (box.width + covered / close) / 2;
      const y = box.y + (box.height + (whole - height) / close) / 2;
      void this.flow.setCenter(x, y, { zoom: close, duration: this.motion() });
    }
    if (focus) this.focus(id);
  }

  /** Focus a node once it is drawn: one that is out of sight may not be in the page yet. */
  focus(id: string | undefined, tries = 20): void {
    const card = id && this.root.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
    if (card && card.style.visibility !== "hidden") return card.focus({ preventScroll: true });
    if (id && tries) requestAnimationFrame(() => this.focus(id, tries - 1));
    else this.root.querySelector<HTMLElement>(".react-flow")?.focus({ preventScroll: true });
  }

  /** The settings of the selected node came to lie over it. */
  keepInView(): void {
    const [id, another] = this.selected();
    const dragging = this.flow.getNodes().some((node) => node.dragging);
    if (id && !another && !dragging) this.lead(id, { focus: false });
  }

  /** Nodes are called otherwise now, new names by old; `chosen` and `focused` were before. */
  renamed(names: ReadonlyMap<string, string>, chosen: string[], focused: string | null): void {
    this.select(chosen.map((id) => names.get(id) ?? id));
    const to = names.get(focused ?? "");
    if (to) this.focus(to);
  }

  /** The node that has the focus. */
  focused(): string | null {
    return document.activeElement?.closest<HTMLElement>(".react-flow__node")?.dataset["id"] ?? null;
  }

  motion(): number {
    return matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200;
  }

  /** Select a node and bring it to the middle; whoever reads elsewhere keeps the focus there. */
  show(id: string, { focus = true } = {}): void {
    if (!this.node(id)) return;
    this.select([id]);
    this.lead(id, { centre: true, focus });
  }

  /** The page's one list of keys, of which those of the canvas are a part. */
  openKeys(): void {
    const list = byId<HTMLDialogElement>("shortcuts");
    if (list) openDialog(list);
  }

  fit(): void {
    const [right, below] = [coveredBy(this.root), this.root.clientHeight - roomAbove(this.root)];
    const padding = { x: 0.12, y: 0.12, ...(right && { right: `${right + 32}px` as const }), ...(below && { bottom: `${below + 32}px` as const }) };
    void this.flow.fitView({ padding, maxZoom: 1, duration: this.motion() });
  }

  // Adding

  /** The kinds that can stand at the joint. */
  kindsFor(joint: Joint): Kind[] {
    const there = [...this.graph.nodes.values()].map(({ type }) => type);
    return [...this.model.kinds.values()].filter((kind) => {
      if (!hasRoom(kind, there)) return false;
      if (joint.way === "from") return kind.has_input;
      if (joint.way === "to") return kind.handles.length > 0;
      return joint.way === "alone" || (kind.has_input && kind.handles.length > 0);
    });
  }

  /** Ask for a node to add after `id`: at its first free way on, else on the first taken one. */
  addAfter(id: string): void {
    const node = this.node(id);
    if (!node || !this.editable) return;
    const edges = rules.outgoing(this.graph, id);
    const free = node.handles.find((handle) => !edges.some((edge) => edge.sourceHandle === handle.id));
    const first = edges[0];
    if (free) this.open({ kind: "palette", joint: { way: "from", source: id, handle: free.id }, place: null, at: null });
    else if (first) this.open({ kind: "palette", joint: { way: "on", edge: first.id }, place: null, at: null });
    else this.open({ kind: "palette", joint: { way: "alone" }, place: null, at: null });
  }

  /** Add a node of that kind at the joint; `place` is where its upper left corner is wanted. */
  add(kindName: string, joint: Joint, place: Position | null): void {
    const kind = this.model.kinds.get(kindName);
    if (!kind || !this.editable) return;
    const id = nodeId(kindName, this.graph.nodes, this.model.retired);
    const edge = joint.way === "on" ? this.graph.edges.get(joint.edge) : undefined;
    if (edge) return this.insert(kind, id, edge, place);
    const node = this.cleared([bare(id, kindName, place ?? this.placeAt(joint), this.model.kinds)])[0]!;
    const edges = this.edgesAt(joint, node);
    this.model.change(rules.withEdges(rules.withNodes(this.graph, [node]), edges));
    this.made([id], this.say(edges.length ? "added_connected" : "added", { label: kind.label }));
  }

  /** The nodes as they are, or further down: where they cover no other. */
  private cleared(nodes: FlowNode[], others = this.boxes()): FlowNode[] {
    const down = clearance(others, boxesOf(nodes));
    return nodes.map((node) => ({ ...node, position: { x: Math.round(node.position.x), y: Math.round(node.position.y + down) } }));
  }

  private edgesAt(joint: Joint, node: FlowNode): FlowEdge[] {
    const id = edgeId(this.graph.edges);
    if (joint.way === "from") return [{ id, source: joint.source, target: node.id, sourceHandle: joint.handle }];
    const first = node.handles[0];
    return joint.way === "to" && first ? [{ id, source: node.id, target: joint.target, sourceHandle: first.id }] : [];
  }

  private placeAt(joint: Joint): Position {
    const [source, target] = [this.box("source" in joint ? joint.source : ""), this.box("target" in joint ? joint.target : "")];
    if (source) return { x: source.x + source.width + GAP.x, y: source.y };
    if (target) return { x: target.x - WIDTH - GAP.x, y: target.y };
    const { left, top, width, height } = this.root.getBoundingClientRect();
    const middle = this.flow.screenToFlowPosition({ x: left + (width - coveredBy(this.root)) / 2, y: top + height / 2 });
    return { x: middle.x - WIDTH / 2, y: middle.y - 32 };
  }

  /** Between the two ends of an edge; what comes after makes room. */
  private insert(kind: Kind, id: string, edge: FlowEdge, place: Position | null): void {
    const [from, to] = [this.box(edge.source), this.box(edge.target)];
    if (!from || !to) return;
    const back = rules.backEdges(this.graph).has(edge.id);
    const room = back || place ? 0 : shortOf(from, to);
    const wanted = place ?? (room ? { x: from.x + from.width + GAP.x, y: from.y } : { x: (from.x + from.width + to.x - WIDTH) / 2, y: (from.y + to.y) / 2 });
    const places = this.shifted(to, room);
    const graph = rules.moved(this.graph, places);
    const others = this.boxes().filter((box) => !places.has(box.id));
    const [node] = this.cleared([bare(id, kind.kind, wanted, this.model.kinds)], others);
    this.model.change(this.spliced(rules.withNodes(graph, [node!]), edge, node!));
    this.made([id], this.say("added_connected", { label: kind.label }));
  }

  /** New places for a node and what comes after it, `room` further to the right. */
  private shifted(from: Box, room: number): Map<string, Position> {
    const after = this.boxes(room ? rules.downstream(this.graph, from.id) : []).filter((box) => box.x >= from.x - WIDTH / 2);
    return new Map(after.map((box) => [box.id, { x: box.x + room, y: box.y }]));
  }

  /** Nodes that were made here are on the server now. Where others made theirs at the same place, what comes after
   * ours makes room, or ours do. */
  settle(made: string[]): void {
    const places = new Map<string, Position>();
    for (const own of this.boxes(made)) {
      const others = this.boxes().filter(({ id }) => id !== own.id);
      const other = others.find((each) => covers(own, each) && !made.includes(each.id));
      if (!other) continue;
      const after = rules.downstream(this.graph, own.id).has(other.id);
      const moved = after ? this.shifted(other, own.x + own.width + GAP.x - other.x) : [[own.id, { x: own.x, y: own.y + clearance(others, [own]) }] as const];
      for (const [id, place] of moved) places.set(id, place);
    }
    this.model.change(rules.moved(this.graph, places));
  }

  /** How low the line runs that leads from one node to another on its left; back to a loop, below both. */
  passage(source: string, target: string, back = false): number {
    const [from, to] = this.boxes([source, target]);
    return from && to ? passage(this.boxes(), from, to, back && to.y < from.y) : 0;
  }

  private spliced(graph: Graph, edge: FlowEdge, node: FlowNode): Graph {
    const on = { id: edgeId(graph.edges), source: node.id, target: edge.target, sourceHandle: node.handles[0]?.id ?? "" };
    return rules.withEdges(graph, [{ ...edge, target: node.id }, on]);
  }

  /** A node that stands alone was dropped on an edge: it comes in between. */
  dropOn(id: string, edge: string): void {
    const [node, on] = [this.node(id), this.graph.edges.get(edge)];
    if (!node?.has_input || !node.handles.length || !on || !this.editable) return;
    if (rules.outgoing(this.graph, id).length || rules.incoming(this.graph, id).length) return;
    this.model.change(this.spliced(this.graph, on, node));
    this.announce(this.say("added_connected", { label: node.label }));
  }

  private made(ids: string[], words: string): void {
    this.open(null);
    this.select(ids);
    this.announce(words);
    const [first] = ids;
    if (first) this.lead(first);
  }

  // Connecting

  valid({ source, sourceHandle, target }: Drawn | WireEdge): boolean {
    return !rules.refusal(this.graph, { source, sourceHandle: fromHandle(sourceHandle), target }, this.reconnecting ?? undefined);
  }

  /** The edge whose end is being dragged: it is not in its own way. */
  reconnecting: string | null = null;

  /** Connect, or say why not. With `edge` that one leads there from now on. */
  connect(wanted: rules.Connection, edge: string | null = null): boolean {
    const why = rules.refusal(this.graph, wanted, edge ?? undefined);
    if (why) return this.refuse(why);
    this.model.change(rules.withEdges(this.graph, [{ ...wanted, id: edge ?? edgeId(this.graph.edges) }]));
    this.announce(this.say("connected", { source: this.label(wanted.source), target: this.label(wanted.target) }));
    return true;
  }

  refuse(why: Refusal): false {
    this.toast(this.say(why));
    return false;
  }

  /** Ask where `id` is to lead: first by which way on, where there are several. */
  startConnecting(id: string): void {
    const ways = this.node(id)?.handles ?? [];
    if (!this.editable || !ways.length) return;
    if (ways.length > 1) this.open({ kind: "ways", source: id });
    else this.open({ kind: "targets", source: id, handle: ways[0]!.id, edge: null });
  }

  /** The connections of a node: those that lead to it, then those that lead on. */
  boundary(id: string): FlowEdge[] {
    return [...rules.incoming(this.graph, id), ...rules.outgoing(this.graph, id)];
  }

  // Removing

  /** Delete nodes and edges; a notice offers to take it back. */
  remove(ids: string[], edges: string[] = []): void {
    const before = this.graph;
    const gone = ids.filter((id) => before.nodes.has(id));
    const next = this.nearestLeft(gone);
    if (!this.model.change(rules.withoutEdges(rules.withoutNodes(before, gone), edges))) return;
    const words = gone.length ? this.say.many("removed", gone.length, { label: this.label1(before, gone) }) : this.say("connection_removed");
    const undo = restoring(() => this.bringBack(before, gone));
    if (gone.length) {
      this.select(next ? [next] : []);
      this.focus(next);
    }
    // What was undone is told in the place of this.
    this.toast(words, { action: this.say("undo"), run: undo, topic: "undo" });
  }

  private label1(graph: Graph, ids: string[]): string {
    return graph.nodes.get(ids[0] ?? "")?.label ?? "";
  }

  /** Where the focus goes when `ids` are gone. */
  private nearestLeft(ids: string[]): string | undefined {
    const gone = new Set(ids);
    const edges = ids.flatMap((id) => [...rules.incoming(this.graph, id), ...rules.outgoing(this.graph, id)]);
    const [boxes, here] = [new Map(this.boxes().map((box) => [box.id, box])), this.box(ids[0] ?? "")];
    const joined = edges.flatMap(({ source, target }) => [source, target]).find((id) => !gone.has(id));
    return joined ?? (here && nearest(here, [...boxes.keys()].filter((id) => !gone.has(id)), boxes)) ?? undefined;
  }

  private bringBack(before: Graph, ids: string[]): void {
    const nodes = ids.flatMap((id) => (this.node(id) ? [] : (before.nodes.get(id) ?? [])));
    const graph = rules.withNodes(this.graph, nodes);
    const lost = [...before.edges.values()].filter(
      ({ id, source, target }) => !graph.edges.has(id) && graph.nodes.has(source) && graph.nodes.has(target),
    );
    const fitting = lost.filter((edge) => !rules.refusal(graph, edge));
    if (!this.model.change(rules.withEdges(graph, fitting))) return;
    this.select(nodes.map(({ id }) => id));
    this.announce(this.say("restored"));
  }

  // Copies

  /** The nodes as text, or null when there are none. */
  copy(ids: string[]): string | null {
    if (!ids.length) return null;
    this.announce(this.say.many("copied", ids.length));
    return copied(this.graph, new Set(ids));
  }

  /** Paste text that holds nodes; whether it did. `at` is where their middle goes. */
  paste(text: string, at: Position | null = null): boolean {
    const copy = copiedIn(text);
    if (!copy || !this.editable) return false;
    const middle = middleOf(copy);
    const near = !at && this.isNear(copy.nodes[0]!.position);
    const place = near ? middle : (at ?? this.placeAt({ way: "alone" }));
    const offset = { x: place.x - middle.x, y: place.y - middle.y };
    const { nodes: fresh, edges, left, start } = renewed(copy, this.graph, this.model.kinds, offset, this.model.retired);
    const nodes = this.cleared(fresh);
    if (nodes.length) {
      this.model.change(rules.withEdges(rules.withNodes(this.graph, nodes), edges));
      this.made(nodes.map(({ id }) => id), this.say.many("pasted", nodes.length));
    }
    if (left) this.toast(this.say(start ? "pasted_start" : "pasted_left"));
    return true;
  }

  private isNear(place: Position): boolean {
    const { x, y } = this.flow.flowToScreenPosition(place);
    const { left, top, right, bottom } = this.root.getBoundingClientRect();
    return x > left && x < right && y > top && y < bottom;
  }

  duplicate(): void {
    const ids = this.meant();
    if (!ids.length) return;
    this.paste(copied(this.graph, new Set(ids)));
  }

  // Places

  private place(places: Iterable<readonly [string, Position]>, words: string): void {
    if (this.model.change(rules.moved(this.graph, places))) this.announce(words);
  }

  /** The cards were dragged somewhere. */
  dragged(nodes: CardNode[]): void {
    this.place(nodes.map(({ id, position }) => [id, position] as const), this.movedWords(nodes.map(({ id }) => id)));
  }

  private movedWords(ids: string[]): string {
    return ids.length === 1 ? this.say("moved", { label: this.label(ids[0]!) }) : this.say("moved_other", { n: ids.length });
  }

  nudge(ids: string[], [x, y]: readonly [number, number], far: boolean): void {
    const by = far ? 4 * STEP : STEP;
    this.place(this.boxes(ids).map((box) => [box.id, { x: box.x + x * by, y: box.y + y * by }] as const), this.movedWords(ids));
  }

  align(side: Side): void {
    const boxes = this.boxes(this.selected());
    this.place(aligned(boxes, side), this.say("aligned", { n: boxes.length }));
  }

  distribute(axis: Axis): void {
    const boxes = this.boxes(this.selected());
    this.place(distributed(boxes, axis), this.say("distributed", { n: boxes.length }));
  }

  /** Lay out what is selected, or all. */
  tidy(): void {
    const ids = this.selected();
    const some = ids.length > 1;
    this.place(tidied(this.graph, this.boxes(some ? ids : undefined)), this.say("tidied"));
    if (!some) requestAnimationFrame(() => this.fit());
  }

  toast(text: string, more: { action?: string; run?: () => void; topic?: string } = {}): void {
    document.dispatchEvent(new CustomEvent("toast", { detail: { text, topic: "canvas", ...more } }));
  }
}
