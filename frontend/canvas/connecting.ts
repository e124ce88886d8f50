// Connections: which of them can be made, and making them.
import type { Connection as Drawn } from "@xyflow/react";
import { fromHandle, type WireEdge } from "./cards";
import type { Editor } from "./editor";
import * as rules from "./graph";
import { edgeId } from "./ids";
import type { FlowEdge } from "./types";

export function valid(editor: Editor, { source, sourceHandle, target }: Drawn | WireEdge): boolean {
  return !rules.refusal(editor.graph, { source, sourceHandle: fromHandle(sourceHandle), target }, editor.reconnecting ?? undefined);
}

/** Connect, or say why not. With `edge` that one leads there from now on. */
export function connect(editor: Editor, wanted: rules.Connection, edge: string | null = null): boolean {
  const why = rules.refusal(editor.graph, wanted, edge ?? undefined);
  if (why) return refuse(editor, why);
  editor.model.change(rules.withEdges(editor.graph, [{ ...wanted, id: edge ?? edgeId(editor.graph.edges) }]));
  editor.announce(editor.say("connected", { source: editor.label(wanted.source), target: editor.label(wanted.target) }));
  return true;
}

function refuse(editor: Editor, why: rules.Refusal): false {
  editor.toast(editor.say(why));
  return false;
}

/** Ask where `id` is to lead: first by which way on, where there are several. */
export function startConnecting(editor: Editor, id: string): void {
  const ways = editor.node(id)?.handles ?? [];
  if (!editor.editable || !ways.length) return;
  if (ways.length > 1) editor.open({ kind: "ways", source: id });
  else editor.open({ kind: "targets", source: id, handle: ways[0]!.id, edge: null });
}

/** The connections of a node: those that lead to it, then those that lead on. */
export function boundary(editor: Editor, id: string): FlowEdge[] {
  return [...rules.incoming(editor.graph, id), ...rules.outgoing(editor.graph, id)];
}
