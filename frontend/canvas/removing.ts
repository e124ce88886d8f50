// Deleting, and taking that back.
import { boundary } from "./connecting";
import type { Editor } from "./editor";
import * as rules from "./graph";
import { focusNode } from "./looking";
import { restoring } from "./restoring";
import type { Graph } from "./types";
import { nearest } from "./walk";

/** Delete nodes and edges; a notice offers to take it back. */
export function remove(editor: Editor, ids: string[], edges: string[] = []): void {
  const before = editor.graph;
  const gone = ids.filter((id) => before.nodes.has(id));
  const next = nearestLeft(editor, gone);
  const after = rules.withoutEdges(rules.withoutNodes(before, gone), edges);
  if (!editor.model.change(after)) return;
  const words = gone.length ? editor.say.many("removed", gone.length, { label: labelOfFirst(before, gone) }) : editor.say("connection_removed");
  const undo = restoring(() => bringBack(editor, before, after));
  if (gone.length) {
    editor.select(next ? [next] : []);
    focusNode(editor, next);
  }
  // What was undone is told in the place of this.
  editor.toast(words, { action: editor.say("undo"), run: undo, topic: "undo" });
}

function labelOfFirst(graph: Graph, ids: string[]): string {
  return graph.nodes.get(ids[0] ?? "")?.label ?? "";
}

/** Where the focus goes when `ids` are gone. */
function nearestLeft(editor: Editor, ids: string[]): string | undefined {
  const gone = new Set(ids);
  const edges = ids.flatMap((id) => boundary(editor, id));
  const [boxes, here] = [new Map(editor.boxes().map((box) => [box.id, box])), editor.box(ids[0] ?? "")];
  const joined = edges.flatMap(({ source, target }) => [source, target]).find((id) => !gone.has(id));
  return joined ?? (here && nearest(here, [...boxes.keys()].filter((id) => !gone.has(id)), boxes)) ?? undefined;
}

/** What is in `before` and not in `after`: others may have deleted more since. */
function bringBack(editor: Editor, before: Graph, after: Graph): void {
  const nodes = [...before.nodes.values()].filter(({ id }) => !after.nodes.has(id) && !editor.node(id));
  const graph = rules.withNodes(editor.graph, nodes);
  const lost = [...before.edges.values()].filter(
    ({ id, source, target }) => !after.edges.has(id) && !graph.edges.has(id) && graph.nodes.has(source) && graph.nodes.has(target),
  );
  const fitting = lost.filter((edge) => !rules.refusal(graph, edge));
  if (!editor.model.change(rules.withEdges(graph, fitting))) return;
  editor.select(nodes.map(({ id }) => id));
  editor.announce(editor.say("restored"));
}
