// What opens over the canvas: the palette, lists of nodes and connections, menus.
import { useCallback, useLayoutEffect } from "react";
import { arrangeActions, canvasActions, edgeActions, nodeActions } from "./actions";
import { add, kindsFor } from "./adding";
import { boundary, connect } from "./connecting";
import type { Editor, Joint, Open } from "./editor";
import { inOrder, targetsOf } from "./graph";
import type { Inspector } from "./inspector";
import { useIsland } from "./island";
import { focusNode, lead, show } from "./looking";
import { Menu } from "./menu";
import { Picker, type Option } from "./picker";
import type { FlowNode, Position } from "./types";

/** The type of what is dragged from the palette. */
export const DRAGGED = "application/x-canvas-kind";

const NEW = "+";

interface Props {
  open: Open;
  inspector: Inspector;
  /** Marks a node that a list is at. */
  mark: (id: string | null) => void;
}

export function Overlay({ open, inspector, mark }: Props) {
  const { editor, say } = useIsland();
  /** Show on the canvas which node a list is at. */
  const point = useCallback(
    (id: string | null): void => {
      mark(id);
      if (id) lead(editor, id, { focus: false });
    },
    [editor, mark],
  );
  const close = (): void => {
    mark(null);
    editor.open(null);
    focusNode(editor, "source" in open ? open.source : "node" in open && open.node ? open.node : editor.selected()[0]);
  };
  const { left, top, width } = editor.root.getBoundingClientRect();
  const corner = { x: left + 12, y: top + 60 };
  const middle = { x: left + width / 2 - 160, y: top + 60 };
  const shared = { onClose: close, placeholder: say("connect_placeholder") };
  switch (open.kind) {
    case "palette":
      return <Palette {...open} at={open.at ?? corner} onClose={close} />;
    case "find":
      return (
        <Picker
          {...shared}
          title={say("find")}
          placeholder={say("find_placeholder")}
          at={middle}
          options={inOrder(editor.graph).map((node) => optionOf(editor, node))}
          onActive={point}
          onPick={(id) => {
            mark(null);
            editor.open(null);
            show(editor, id);
          }}
        />
      );
    case "ways": {
      const { source } = open;
      const ways = editor.node(source)?.handles ?? [];
      const title = say("connect_way", { label: editor.label(source) });
      const options = ways.map(({ id, label }) => ({ id: `-${id}`, label: label || say("way_main"), icon: "arrow-right" }));
      const pick = (id: string): void => editor.open({ kind: "targets", source, handle: id.slice(1), edge: null });
      return <Picker key="ways" {...shared} title={title} at={middle} options={options} onPick={pick} />;
    }
    case "targets":
      return <Targets key="targets" {...open} {...shared} at={middle} mark={point} />;
    case "connections":
      return <Connections {...shared} node={open.node} at={middle} />;
    case "menu": {
      const { at, node, edge } = open;
      if (edge) return <Menu label={say("menu_connection")} groups={edgeActions(editor, edge)} at={at} onClose={close} />;
      const groups = node ? nodeActions(editor, inspector, node, at) : canvasActions(editor, at);
      const label = node ? say("menu_of", { label: editor.label(node) }) : say("menu_canvas");
      return <Menu label={label} groups={groups} at={at} onClose={close} />;
    }
    case "arrange":
      return <Menu label={say("align")} groups={arrangeActions(editor)} at={open.at} onClose={close} />;
  }
}

const optionOf = (editor: Editor, { id, type, label, summary }: FlowNode): Option => {
  const kind = editor.model.kinds.get(type);
  const words = [id, summary || (kind && label !== kind.label ? kind.label : "")].filter(Boolean);
  return { id, label: label || id, note: words.join(" · "), icon: kind?.icon ?? "box", tone: kind?.tone ?? "" };
};

function Palette({ joint, place, at, onClose }: { joint: Joint; place: Position | null; at: Position; onClose: () => void }) {
  const { editor, say } = useIsland();
  const options = kindsFor(editor, joint).map(({ kind, label, help, words, icon, tone, group }) => ({ id: kind, label, note: help, words, icon, tone, group }));
  const alone = joint.way === "alone" && !place;
  return (
    <Picker
      title={titleOf(editor, joint)}
      placeholder={say("search_kinds")}
      options={options}
      at={at}
      onClose={onClose}
      onPick={(kind) => add(editor, kind, joint, place)}
      {...(alone && { drag: DRAGGED, hint: say("drag_hint") })}
    />
  );
}

function titleOf(editor: Editor, joint: Joint): string {
  const { say, graph } = editor;
  if (joint.way === "from") return say("add_after", { label: editor.label(joint.source) });
  const edge = joint.way === "on" ? graph.edges.get(joint.edge) : undefined;
  return edge ? say("add_between", { source: editor.label(edge.source), target: editor.label(edge.target) }) : say("add_node");
}

interface Shared {
  placeholder: string;
  at: Position;
  onClose: () => void;
  mark: (id: string | null) => void;
}

function Targets({ source, handle, edge, mark, ...shared }: Shared & { source: string; handle: string; edge: string | null }) {
  const { editor, say } = useIsland();
  const label = editor.label(source);
  const targets = targetsOf(editor.graph, source, handle, edge ?? undefined).map((node) => optionOf(editor, node));
  const first = targets[0]?.id ?? null;
  useLayoutEffect(() => mark(first), [first, mark]);
  const fresh: Option = { id: NEW, label: say("connect_new"), icon: "plus", note: say("add_after", { label }) };
  const pick = (id: string): void => {
    mark(null);
    if (id === NEW) return editor.open({ kind: "palette", joint: { way: "from", source, handle }, place: null, at: null });
    connect(editor, { source, sourceHandle: handle, target: id }, edge);
    shared.onClose();
  };
  const options = edge ? targets : [...targets, fresh];
  return <Picker {...shared} title={say("connect_to", { label })} options={options} onActive={(id) => mark(id === NEW ? null : id)} onPick={pick} />;
}

/** Each connection leads to a menu of what can be done with it. */
function Connections({ node, ...shared }: Omit<Shared, "mark"> & { node: string }) {
  const { editor, say } = useIsland();
  const options = boundary(editor, node).map(({ id, source, target, sourceHandle }): Option => {
    const way = editor.node(source)?.handles.find((each) => each.id === sourceHandle)?.label;
    const ends = { source: editor.label(source), target: editor.label(target) };
    return { id, icon: source === node ? "arrow-right" : "arrow-left", label: way ? say("connection_way", { ...ends, way }) : say("connection", ends) };
  });
  const pick = (edge: string): void => editor.open({ kind: "menu", at: shared.at, node, edge });
  return <Picker {...shared} title={say("connections_of", { label: editor.label(node) })} placeholder={say("connections_placeholder")} options={options} onPick={pick} />;
}
