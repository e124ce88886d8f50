// The canvas as those hold it who change it: the flow, what is selected, and the words for it. What can be
// done, whichever way it is asked for, is in files of its own (`adding.ts`, `connecting.ts` …): each command
// changes the model, selects what it made, and says what happened.
import type { ReactFlowInstance } from "@xyflow/react";
import type { Box } from "./arrange";
import type { CardNode, WireEdge } from "./cards";
import { boxesOf } from "./layout";
import type { Model } from "./model";
import type { Say } from "./texts";
import type { FlowNode, Graph, Position } from "./types";

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

  box(id: string): Box | undefined {
    return this.boxes([id])[0];
  }

  /** The node that has the focus. */
  focused(): string | null {
    return document.activeElement?.closest<HTMLElement>(".react-flow__node")?.dataset["id"] ?? null;
  }

  /** The edge whose end is being dragged: it is not in its own way. */
  reconnecting: string | null = null;

  toast(text: string, more: { action?: string; run?: () => void; topic?: string } = {}): void {
    document.dispatchEvent(new CustomEvent("toast", { detail: { text, topic: "canvas", ...more } }));
  }
}
