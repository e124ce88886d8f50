// The keys of the canvas, and what they do. Only while the focus is on the canvas and nobody types.
// Arrows lead from node to node, and move one with Alt: it is looked at more often than moved.
import { isMac } from "../app/page";
import type { Editor } from "./editor";
import type { Inspector } from "./inspector";
import type { Say, TextName } from "./texts";
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
  },
  Escape: ({ editor, cancel }) => {
    if (!cancel()) editor.select([]);
  },
  Delete: edit(({ editor }, focused) => {
    const [nodes, edges] = [editor.selected(), editor.selectedEdges()];
    editor.remove(nodes.length || edges.length || !focused ? nodes : [focused], edges);
  }),
  a: edit(({ editor }, focused) => {
    if (focused) editor.addAfter(focused);
    else editor.open({ kind: "palette", joint: { way: "alone" }, place: null, at: null });
  }),
  c: edit(({ editor }, focused) => focused && editor.startConnecting(focused)),
  e: edit(({ editor }, focused) => focused && editor.open({ kind: "connections", node: focused })),
  "+": ({ editor }) => void editor.flow.zoomIn({ duration: editor.motion() }),
  "-": ({ editor }) => void editor.flow.zoomOut({ duration: editor.motion() }),
  "0": ({ editor }) => void editor.flow.zoomTo(1, { duration: editor.motion() }),
  "1": ({ editor }) => editor.fit(),
  "?": ({ editor }) => editor.open({ kind: "keys" }),
  ContextMenu: ({ menu }) => menu(),
};
PLAIN["Backspace"] = PLAIN["Delete"]!;
PLAIN["="] = PLAIN["+"]!;

const WITH_MOD: Record<string, Command> = {
  a: ({ editor }) => editor.select(editor.graph.nodes.keys()),
  d: edit(({ editor }) => editor.duplicate()),
  f: ({ editor }) => editor.open({ kind: "find" }),
};

const WITH_SHIFT: Record<string, Command> = {
  O: edit(({ editor }) => editor.tidy()),
  F10: ({ menu }) => menu(),
};

function walk(way: Way): Command {
  return ({ editor }, focused) => {
    const boxes = new Map(editor.boxes().map((box) => [box.id, box]));
    const first = editor.selected()[0] ?? editor.flow.getNodes()[0]?.id;
    const to = focused ? neighbour(editor.graph, boxes, focused, way) : first;
    if (!to) return editor.announce(editor.say("end_reached"));
    editor.select([to]);
    editor.lead(to);
  };
}

const nudge = (way: Way, far: boolean): Command =>
  edit(({ editor }, focused) => {
    const selected = editor.selected();
    if (focused && !selected.length) editor.select([focused]);
    editor.nudge(focused && !selected.length ? [focused] : selected, STEPS[way], far);
  });

/** The command that a key press means, or null. */
export function commandOf({ key, ctrlKey, metaKey, altKey, shiftKey }: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): Command | null {
  if (ctrlKey || metaKey) return altKey || shiftKey ? null : (WITH_MOD[key.toLowerCase()] ?? null);
  if (isWay(key)) return altKey ? nudge(key, shiftKey) : shiftKey ? null : walk(key);
  if (altKey) return null;
  const plain = PLAIN[shiftKey ? key : key.toLowerCase()] ?? PLAIN[key] ?? null;
  return (shiftKey ? WITH_SHIFT[key] : null) ?? plain;
}

/** All keys for the list of them: key caps, and what they do. */
export function keysOf(say: Say): [caps: string[], words: string][] {
  const mod = isMac() ? "⌘" : say("cap_ctrl");
  const rows: [string[], TextName][] = [
    [[say("cap_tab")], "key_tab"],
    [[say("cap_arrows")], "key_arrows"],
    [[say("cap_enter")], "key_enter"],
    [["A"], "key_add"],
    [["C"], "key_connect"],
    [["E"], "key_connections"],
    [[say("cap_alt"), say("cap_arrows")], "key_move"],
    [[say("cap_delete")], "key_remove"],
    [[mod, "C X V"], "key_clipboard"],
    [[mod, "D"], "key_duplicate"],
    [[mod, "A"], "key_all"],
    [[say("cap_space")], "key_space"],
    [[say("cap_shift"), say("cap_drag")], "key_marquee"],
    [[mod, "F"], "key_find"],
    [["+", "−"], "key_zoom"],
    [["1", "0"], "key_fit"],
    [[say("cap_shift"), "O"], "key_tidy"],
    [[say("cap_shift"), "F10"], "key_menu"],
    [[say("cap_escape")], "key_escape"],
    [["?"], "key_help"],
  ];
  return rows.map(([caps, name]) => [caps, say(name)]);
}
