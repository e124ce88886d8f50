// What the menus offer, for a node, a selection, a connection or the canvas.
import { isMac } from "../app/page";
import { addAfter } from "./adding";
import { boundary, startConnecting } from "./connecting";
import { duplicate, paste } from "./copying";
import type { Editor } from "./editor";
import type { Inspector } from "./inspector";
import { openKeys } from "./keys";
import { fit } from "./looking";
import type { Item } from "./menu";
import { align, distribute, tidy } from "./placing";
import { remove } from "./removing";
import type { Position } from "./types";

/** For the selected nodes, of which `id` is one. */
export function nodeActions(editor: Editor, inspector: Inspector, id: string, at: Position): Item[][] {
  const { say, editable } = editor;
  const settings: Item = { label: say("open_settings"), icon: "settings", keys: say("cap_enter"), run: () => inspector.focus() };
  if (!editable) return [[settings, copyAction(editor)]];
  const connects = (editor.node(id)?.handles.length ?? 0) > 0;
  const several = editor.selected().length > 1;
  const joined = boundary(editor, id).length > 0;
  return [
    several ? [] : [settings],
    several || !connects
      ? []
      : [
          { label: say("add_after_short"), icon: "plus", keys: "A", run: () => addAfter(editor, id) },
          { label: say("connect_short"), icon: "arrow-right", keys: "C", run: () => startConnecting(editor, id) },
        ],
    several || !joined
      ? []
      : [{ label: say("connections_short"), icon: "share-2", keys: "E", run: () => editor.open({ kind: "connections", node: id }) }],
    several ? arrangeActions(editor).flat() : [],
    [copyAction(editor), cutAction(editor), pasteAction(editor, at), duplicateAction(editor)],
    [{ label: say("remove"), icon: "trash-2", keys: say("cap_delete"), danger: true, run: () => remove(editor, editor.selected()) }],
  ];
}

export function arrangeActions(editor: Editor): Item[][] {
  const { say } = editor;
  const sides = (["left", "center", "right", "top", "middle", "bottom"] as const).map((side) => ({
    label: say(`align_${side}`),
    run: () => align(editor, side),
  }));
  const spread = (["x", "y"] as const).map((axis) => ({ label: say(`distribute_${axis}`), run: () => distribute(editor, axis) }));
  const tidying = { label: say("tidy"), keys: `${say("cap_shift")} O`, run: () => tidy(editor) };
  return [sides, editor.selected().length > 2 ? [...spread, tidying] : [tidying]];
}

export function edgeActions(editor: Editor, id: string): Item[][] {
  const { say } = editor;
  const edge = editor.graph.edges.get(id);
  if (!edge) return [];
  const { source, sourceHandle: handle } = edge;
  return [
    [
      { label: say("insert_short"), icon: "plus", run: () => editor.open({ kind: "palette", joint: { way: "on", edge: id }, place: null, at: null }) },
      { label: say("change_target"), icon: "arrow-right", run: () => editor.open({ kind: "targets", source, handle, edge: id }) },
    ],
    [{ label: say("remove_connection"), icon: "unplug", danger: true, run: () => remove(editor, [], [id]) }],
  ];
}

export function canvasActions(editor: Editor, at: Position): Item[][] {
  const { say, editable } = editor;
  const place = editor.flow.screenToFlowPosition(at);
  const add: Item = {
    label: say("add_node"),
    icon: "plus",
    keys: "A",
    run: () => editor.open({ kind: "palette", joint: { way: "alone" }, place, at }),
  };
  const looking: Item[] = [
    { label: say("find"), icon: "search", run: () => editor.open({ kind: "find" }) },
    { label: say("fit"), icon: "maximize-2", keys: "1", run: () => fit(editor) },
    { label: say("keys"), icon: "keyboard", keys: "?", run: () => openKeys() },
  ];
  if (!editable) return [looking];
  const all: Item = { label: say("select_all"), icon: "square-check", run: () => editor.select(editor.graph.nodes.keys()) };
  const tidying: Item = { label: say("tidy"), icon: "wand-sparkles", keys: `${say("cap_shift")} O`, run: () => tidy(editor) };
  return [[add, pasteAction(editor, at)], [all, tidying], looking];
}

const withMod = (key: string): string => `${isMac() ? "⌘" : "Ctrl"} ${key}`;

// What is on the clipboard is written by the handler of the browser's own event.
const copyAction = (editor: Editor): Item => ({
  label: editor.say("copy"),
  icon: "copy",
  keys: withMod("C"),
  run: () => void document.execCommand("copy"),
});

const cutAction = (editor: Editor): Item => ({
  label: editor.say("cut"),
  icon: "archive",
  keys: withMod("X"),
  run: () => void document.execCommand("cut"),
});

const duplicateAction = (editor: Editor): Item => ({
  label: editor.say("duplicate"),
  icon: "layers",
  keys: withMod("D"),
  run: () => duplicate(editor),
});

const pasteAction = (editor: Editor, at: Position): Item => ({
  label: editor.say("paste"),
  icon: "clipboard-list",
  keys: withMod("V"),
  run: () => {
    const place = editor.flow.screenToFlowPosition(at);
    const reading = navigator.clipboard?.readText() ?? Promise.reject(new Error());
    reading.then(
      (text) => paste(editor, text, place) || editor.toast(editor.say("paste_foreign")),
      () => editor.toast(editor.say("paste_keys")),
    );
  },
});
