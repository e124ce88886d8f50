// Copying and pasting nodes; what is on the clipboard is `clipboard.ts`'s affair.
import { cleared, made, placeAt } from "./adding";
import { copied, copiedIn, middleOf, renewed } from "./clipboard";
import type { Editor } from "./editor";
import * as rules from "./graph";
import type { Position } from "./types";

/** The nodes as text, or null when there are none. */
export function copy(editor: Editor, ids: string[]): string | null {
  if (!ids.length) return null;
  editor.announce(editor.say.many("copied", ids.length));
  return copied(editor.graph, new Set(ids));
}

/** Paste text that holds nodes; whether it did. `at` is where their middle goes. */
export function paste(editor: Editor, text: string, at: Position | null = null): boolean {
  const copy = copiedIn(text);
  if (!copy || !editor.editable) return false;
  const middle = middleOf(copy);
  const near = !at && isNear(editor, copy.nodes[0]!.position);
  const place = near ? middle : (at ?? placeAt(editor, { way: "alone" }));
  const offset = { x: place.x - middle.x, y: place.y - middle.y };
  const { nodes: fresh, edges, left, start } = renewed(copy, editor.graph, editor.model.kinds, offset, editor.model.retired);
  const nodes = cleared(editor, fresh);
  if (nodes.length) {
    editor.model.change(rules.withEdges(rules.withNodes(editor.graph, nodes), edges));
    made(editor, nodes.map(({ id }) => id), editor.say.many("pasted", nodes.length));
  }
  if (left) editor.toast(editor.say(start ? "pasted_start" : "pasted_left"));
  return true;
}

function isNear(editor: Editor, place: Position): boolean {
  const { x, y } = editor.flow.flowToScreenPosition(place);
  const { left, top, right, bottom } = editor.root.getBoundingClientRect();
  return x > left && x < right && y > top && y < bottom;
}

export function duplicate(editor: Editor): void {
  const ids = editor.meant();
  if (!ids.length) return;
  paste(editor, copied(editor.graph, new Set(ids)));
}
