// What the page tells the canvas, and the graph as the canvas holds it.
import type { Texts } from "../builder/texts";

export interface Position {
  x: number;
  y: number;
}

export interface Handle {
  /** Empty for the main way on. */
  id: string;
  label: string;
}

/** What a kind of node can do; a node may differ from its kind in its handles. */
export interface Kind {
  kind: string;
  label: string;
  group: string;
  icon: string;
  tone: string;
  help: string;
  /** What else people search for when they want it. */
  words: string;
  handles: Handle[];
  has_input: boolean;
  repeats: boolean;
  /** How many of it a flow may have; 0: any number. */
  most: number;
}

export interface FlowNode {
  id: string;
  type: string;
  position: Position;
  label: string;
  summary: string;
  handles: Handle[];
  has_input: boolean;
  repeats: boolean;
  /** The settings, as far as the page tells them: what a copy takes along. */
  data?: unknown;
  /** Of a copy that the server does not know yet: what the nodes that its settings read are called
   * among the copies, by their old names. */
  copied?: Record<string, string> | undefined;
  /** In the preview it gives what somebody kept. */
  pinned?: boolean;
}

export interface FlowEdge {
  id: string;
  source: string;
  target: string;
  /** Empty for the main way on. */
  sourceHandle: string;
}

export interface Graph {
  readonly nodes: ReadonlyMap<string, FlowNode>;
  readonly edges: ReadonlyMap<string, FlowEdge>;
}

export interface Problem {
  severity: "error" | "warning";
  message: string;
}

export type Problems = Record<string, Problem[]>;

/** What the server says of nodes after each answer: `#canvas-state`. */
export interface Described {
  nodes: Record<string, Partial<Pick<FlowNode, "label" | "summary" | "handles" | "data" | "pinned">>>;
  problems: Problems;
}

/** `#canvas-data`: all there is to know when the step is shown. */
export interface CanvasData {
  editable: boolean;
  version: number;
  nodes: FlowNode[];
  edges: (Omit<FlowEdge, "sourceHandle"> & { sourceHandle?: string | null })[];
  kinds: Kind[];
  problems: Problems;
  sprite: string;
  node_url: string;
  /** The node that somebody came to mend; empty for none. */
  focus?: string;
  texts: Texts;
}

/** A value at a path of the document, as the autosave sends it. */
export type Change = [path: string, value: string];

/** A note beside the flow: it is connected to nothing. */
export const COMMENT = "comment";
