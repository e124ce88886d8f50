// The keys of the canvas, and what they do; the page lists them (`templates/chatflows/shortcuts.html`). Only while the focus is on the canvas and nobody types.
// Arrows lead from node to node, and move one with Alt: it is looked at more often than moved.
import { openDialog } from "../app/dialogs";
import { byId } from "../app/page";
import { addAfter } from "./adding";
import { startConnecting } from "./connecting";
import { duplicate } from "./copying";
import type { Editor } from "./editor";
import type { Inspector } from "./inspector";
import { fit, lead, motion } from "./looking";
import { nudge, tidy } from "./placing";
import { remove } from "./removing";
import { isWay, neighbour, STEPS, type Way } from "./walk";

/** Everything a key can ask for beyond the editor's own commands. */
export interface Desk {
  editor: Editor;
  inspector: Inspector;
  menu(): void;
  /** Leave a connection that is being made, if there is one. */
  cancel(): boolean;
}

type Command = (desk: Desk, focused: string | null) => void;

const edit = (run: Command): Command => (desk, focused) => {
  if (desk.editor.editable) run(desk, focused);
};

const PLAIN: Record<string, Command> = {
  Enter: ({ editor, inspector }, focused) => {
    if (!focused) return;
    editor.select([focused]);
    inspector.show(focused);
    inspector.focus();
  },
  " ": ({ editor }, focused) => {
    if (!focused) return;
    const selected = new Set(editor.selected());
    if (!selected.delete(focused)) selected.add(focused);
    editor.select(selected);
    // What was just taken out of a selection is not meant by the next key.
    editor.at = null;
  },
  Escape: ({ editor, cancel }) => {
    if (!cancel()) editor.select([]);
  },
  Delete: edit(({ editor }) => {
    const [before, nodes] = [editor.selected(), editor.meant()];
    const beside = nodes.some((id) => !before.includes(id));
    remove(editor, nodes, beside ? [] : editor.selectedEdges());
  }),
  a: edit(({ editor }, focused) => {
    if (focused) addAfter(editor, focused);
    else editor.open({ kind: "palette", joint: { way: "alone" }, place: null, at: null });
  }),
  c: edit(({ editor }, focused) => focused && startConnecting(editor, focused)),
  e: edit(({ editor }, focused) => focused && editor.open({ kind: "connections", node: focused })),
  "+": ({ editor }) => void editor.flow.zoomIn({ duration: motion() }),
  "-": ({ editor }) => void editor.flow.zoomOut({ duration: motion() }),
  "0": ({ editor }) => void editor.flow.zoomTo(1, { duration: motion() }),
  "1": ({ editor }) => fit(editor),
  ContextMenu: ({ menu }) => menu(),
};
PLAIN["Backspace"] = PLAIN["Delete"]!;
PLAIN["="] = PLAIN["+"]!;

const WITH_MOD: Record<string, Command> = {
  a: ({ editor }) => editor.select(editor.graph.nodes.keys()),
  d: edit(({ editor }) => duplicate(editor)),
  f: ({ editor }) => editor.open({ kind: "find" }),
};

const WITH_SHIFT: Record<string, Command> = {
  O: edit(({ editor }) => tidy(editor)),
  F10: ({ menu }) => menu(),
};

function walk(way: Way): Command {
  return ({ editor }, focused) => {
    const boxes = new Map(editor.boxes().map((box) => [box.id, box]));
    const first = editor.selected()[0] ?? editor.flow.getNodes()[0]?.id;
    const to = focused ? neighbour(editor.graph, boxes, focused, way) : first;
    if (!to) return editor.announce(editor.say("end_reached"));
    editor.select([to]);
    lead(editor, to);
  };
}

const nudging = (way: Way, far: boolean): Command =>
  edit(({ editor }) => nudge(editor, editor.meant(), STEPS[way], far));

/** The command that a key press means, or null. */
export function commandOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): Command | null {
  if (ctrlKey || metaKey) return altKey || shiftKey ? null : (WITH_MOD[key.toLowerCase()] ?? null);
  if (isWay(key)) return altKey ? nudging(key, shiftKey) : shiftKey ? null : walk(key);
  if (altKey) return null;
  const plain = PLAIN[shiftKey ? key : key.toLowerCase()] ?? PLAIN[key] ?? null;
  return (shiftKey ? WITH_SHIFT[key] : null) ?? plain;
}

/** The page's one list of keys, of which those of the canvas are a part. */
export function openKeys(): void {
  const list = byId<HTMLDialogElement>("shortcuts");
  if (list) openDialog(list);
}
