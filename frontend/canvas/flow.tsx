// The canvas on the screen: hands React Flow what to draw, and the editor what was done to it.
import {
  applyEdgeChanges,
  applyNodeChanges,
  Background,
  MiniMap,
  ReactFlow,
  SelectionMode,
  useNodesInitialized,
  useReactFlow,
  useStoreApi,
  type FinalConnectionState,
  type OnConnectStartParams,
  type ReactFlowProps,
} from "@xyflow/react";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type DragEvent, type KeyboardEvent, type MouseEvent as Press } from "react";
import { isWriting } from "../app/page";
import { add, dropOn } from "./adding";
import { Card, nameOf } from "./card";
import { cards, fromHandle, wires, type CardNode, type WireEdge } from "./cards";
import { connect, valid } from "./connecting";
import { followCover } from "./cover";
import type { Editor, Joint, Open } from "./editor";
import type { Inspector } from "./inspector";
import { useIsland } from "./island";
import { commandOf } from "./keys";
import { boxesOf } from "./layout";
import { keepInView, lead, show } from "./looking";
import { DRAGGED, Overlay } from "./overlays";
import { dragged, grown } from "./placing";
import { Empty, SelectionTools, Tools, ViewTools, type Mode } from "./tools";
import { keepView, keptView } from "./viewport";
import { Wire } from "./wire";

const NODE_TYPES = { card: Card };
const EDGE_TYPES = { wire: Wire };
/** Of more nodes only those in sight are drawn. */
const MANY = 200;
const MAP = { width: 176, height: 112 };
const FIT = { padding: 0.12, maxZoom: 1 };
const MIDDLE_BUTTON = [1];
const GRID: [number, number] = [8, 8];

const hit = (x: number, y: number, what: string): string | undefined => {
  for (const element of document.elementsFromPoint(x, y)) {
    const found = element.closest<HTMLElement>(what);
    if (found) return found.dataset["id"];
  }
  return undefined;
};

const pointOf = (event: MouseEvent | TouchEvent): { x: number; y: number } => {
  const { clientX: x, clientY: y } = "changedTouches" in event ? event.changedTouches[0]! : event;
  return { x, y };
};

export function Flow({ inspector, wanted }: { inspector: Inspector; wanted: string | null }) {
  const { editor, say } = useIsland();
  const { model } = editor;
  const [editable, setEditable] = useState(model.editable);
  const flow = useReactFlow<CardNode, WireEdge>();
  const store = useStoreApi();
  const nameEdge = useCallback((source: string, target: string) => say("connection", { source: editor.label(source), target: editor.label(target) }), [editor, say]);
  const [nodes, setNodes] = useState<CardNode[]>(() => cards([], model.shown()));
  const [edges, setEdges] = useState<WireEdge[]>(() => wires([], model.shown(), nameEdge));
  const [open, setOpen] = useState<Open | null>(null);
  const [said, setSaid] = useState("");
  const [clicking, setClicking] = useState<OnConnectStartParams | null>(null);
  const [mode, setMode] = useState<Mode>("pan");
  const mark = useMark(editor.root);

  useLayoutEffect(() => {
    editor.flow = flow;
    editor.open = setOpen;
    // The same words twice are heard twice.
    editor.announce = (words) => setSaid((old) => (old === words ? `${words}\u00a0` : words));
    editor.select = (ids, wires = []) => {
      const [chosen, lines] = [new Set(ids), new Set(wires)];
      setNodes((old) => chosenAmong(old, chosen));
      setEdges((old) => chosenAmong(old, lines));
      store.setState({ nodesSelectionActive: false });
    };
    return model.subscribe(() => {
      setEditable(model.editable);
      setNodes((old) => cards(old, model.shown()));
      setEdges((old) => wires(old, model.shown(), nameEdge));
    });
  }, [editor, flow, model, nameEdge, store]);

  useEffect(() => followCover(editor.root, () => keepInView(editor)), [editor]);

  const selected = nodes.filter((node) => node.selected);
  const only = selected.length === 1 ? selected[0]!.id : null;
  useEffect(() => inspector.show(only), [inspector, only]);

  const cancel = useCallback((): boolean => {
    const was = store.getState().connectionClickStartHandle !== null;
    store.setState({ connectionClickStartHandle: null });
    setClicking(null);
    if (was) editor.announce(say("connecting_off"));
    return was;
  }, [editor, say, store]);

  const label = useNames(nodes);
  const focused = (): string | null => editor.focused();

  const openMenu = (): void => {
    const id = focused();
    const place = (id ? document.activeElement! : editor.root).getBoundingClientRect();
    if (id && !editor.selected().includes(id)) editor.select([id]);
    setOpen({ kind: "menu", at: { x: place.left + 24, y: place.top + 40 }, node: id, edge: null });
  };
  const pressed = (event: KeyboardEvent): void => {
    if (isWriting(event.target) || event.defaultPrevented) return;
    // Buttons have Enter and Space for themselves.
    const onButton = (event.target as Element).closest("button") && ["Enter", " "].includes(event.key);
    const command = onButton ? null : commandOf(event);
    if (!command) return;
    event.preventDefault();
    event.stopPropagation();
    command({ editor, inspector, menu: openMenu, cancel }, focused());
  };

  const pressedMenu = (event: Press | MouseEvent, node: string | null, edge: string | null): void => {
    event.preventDefault();
    if (node && !editor.selected().includes(node)) editor.select([node]);
    if (edge) editor.select([], [edge]);
    setOpen({ kind: "menu", at: { x: event.clientX, y: event.clientY }, node, edge });
  };

  /** A connection that began at `from` was let go at a point without a handle. */
  const letGo = (from: OnConnectStartParams, at: { x: number; y: number }, edge: string | null): void => {
    const { nodeId, handleId, handleType } = from;
    if (!nodeId) return;
    const on = hit(at.x, at.y, ".react-flow__node");
    const forward = handleType === "source";
    if (on) {
      if (on === nodeId && !edge) return;
      const handle = forward ? fromHandle(handleId) : (editor.node(on)?.handles[0]?.id ?? "");
      connect(editor, forward ? { source: nodeId, sourceHandle: handle, target: on } : { source: on, sourceHandle: handle, target: nodeId }, edge);
    } else if (!edge && hitsPane(at)) {
      const joint: Joint = forward ? { way: "from", source: nodeId, handle: fromHandle(handleId) } : { way: "to", target: nodeId };
      const { x, y } = flow.screenToFlowPosition(at);
      setOpen({ kind: "palette", joint, place: { x: forward ? x : x - 240, y: y - 28 }, at });
    }
  };
  const ended = (event: MouseEvent | TouchEvent, state: FinalConnectionState, edge: string | null = null): void => {
    const { fromHandle: from, toHandle: to, isValid } = state;
    if (isValid || !from) return;
    const start = { nodeId: from.nodeId, handleId: from.id ?? null, handleType: from.type };
    if (!to) return letGo(start, pointOf(event), edge);
    if (to.nodeId === from.nodeId && !edge) return;
    const [source, target] = from.type === "source" ? [from, to] : [to, from];
    connect(editor, { source: source.nodeId, sourceHandle: fromHandle(source.id), target: target.nodeId }, edge);
  };

  const dropped = (event: DragEvent): void => {
    const kind = event.dataTransfer.getData(DRAGGED);
    if (!kind) return;
    event.preventDefault();
    mark(null);
    const edge = hit(event.clientX, event.clientY, ".react-flow__edge");
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    add(editor, kind, edge ? { way: "on", edge } : { way: "alone" }, { x: x - 120, y: y - 28 });
  };
  const draggedOver = (event: DragEvent): void => {
    if (!event.dataTransfer.types.includes(DRAGGED)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    mark(hit(event.clientX, event.clientY, ".react-flow__edge") ?? null, ".react-flow__edge");
  };

  const stopped = (event: Press | MouseEvent | TouchEvent, moved: CardNode[]): void => {
    dragged(editor, moved);
    const { x, y } = pointOf("nativeEvent" in event ? event.nativeEvent : event);
    const edge = moved.length === 1 ? hit(x, y, ".react-flow__edge") : undefined;
    if (edge) dropOn(editor, moved[0]!.id, edge);
  };

  // React Flow draws every card anew when a handler is another one.
  const on = useStable<Handlers>({
    onNodesChange: (changes) => {
      for (const change of changes) if (change.type === "dimensions") grown(editor, change.id, change.dimensions?.height ?? 0);
      setNodes((old) => applyNodeChanges(changes, old));
    },
    onEdgesChange: (changes) => {
      // Drawing a frame selects nodes: their edges go with them anyway.
      const { userSelectionActive } = store.getState();
      const wanted = userSelectionActive ? changes.filter(({ type }) => type !== "select") : changes;
      if (wanted.length) setEdges((old) => applyEdgeChanges(wanted, old));
    },
    onNodeDragStop: (event, _node, moved) => stopped(event, moved),
    onSelectionDragStop: (_event, moved) => dragged(editor, moved),
    onNodeClick: (event, node) => {
      if (clicking && !(event.target as Element).closest(".react-flow__handle")) {
        cancel();
        letGo(clicking, { x: event.clientX, y: event.clientY }, null);
      } else {
        if (node.selected) inspector.show(node.id);
        keepInView(editor);
      }
    },
    onNodeDoubleClick: () => inspector.focus(),
    onNodeContextMenu: (event, node) => pressedMenu(event, node.id, null),
    onSelectionContextMenu: (event, chosen) => pressedMenu(event, chosen[0]?.id ?? null, null),
    onEdgeContextMenu: (event, edge) => editable && pressedMenu(event, null, edge.id),
    onPaneContextMenu: (event) => pressedMenu(event, null, null),
    onPaneClick: (event) => {
      if (!clicking) return;
      store.setState({ connectionClickStartHandle: null });
      setClicking(null);
      letGo(clicking, { x: event.clientX, y: event.clientY }, null);
    },
    onConnect: (connection) => void connect(editor, { ...connection, sourceHandle: fromHandle(connection.sourceHandle) }),
    onConnectStart: () => void (editor.root.dataset["connecting"] = ""),
    onConnectEnd: (event, state) => {
      delete editor.root.dataset["connecting"];
      ended(event, state);
    },
    onClickConnectStart: (_event, from) => {
      setClicking(from);
      editor.announce(say("connecting", { label: editor.label(from.nodeId ?? "") }));
    },
    onClickConnectEnd: () => setClicking(null),
    onReconnectStart: (_event, edge) => void (editor.reconnecting = edge.id),
    onReconnect: (edge, connection) => void connect(editor, { ...connection, sourceHandle: fromHandle(connection.sourceHandle) }, edge.id),
    onReconnectEnd: (event, edge, _type, state) => {
      ended(event, state, edge.id);
      editor.reconnecting = null;
    },
    isValidConnection: (connection) => valid(editor, connection),
    onDragOver: draggedOver,
    onDrop: dropped,
    onMoveEnd: (_event, viewport) => keepView(viewport),
  });
  const labels = useMemo(
    () => ({
      "node.a11yDescription.default": say("canvas_keys"),
      "node.a11yDescription.keyboardDisabled": say("canvas_keys"),
      "minimap.ariaLabel": say("minimap"),
      "handle.ariaLabel": say("way_main"),
    }),
    [say],
  );

  const some = nodes.length > 0;
  const furniture = useMemo(
    () => (
      <>
        <Background gap={24} size={1.5} />
        {some && <MiniMap<CardNode> className="canvas-map" style={MAP} pannable zoomable nodeBorderRadius={12} />}
      </>
    ),
    [some],
  );
  const view = useMemo(() => keptView(boxesOf(model.graph.nodes.values()), editor.root), [editor, model]);
  return (
    <div className="canvas-desk" onKeyDown={pressed} onFocus={(event) => followFocus(event.target, editor)}>
      <Tools editable={editable} />
      <ReactFlow<CardNode, WireEdge>
        nodes={label}
        edges={edges}
        nodeTypes={NODE_TYPES}
        edgeTypes={EDGE_TYPES}
        {...on}
        {...(view ? { defaultViewport: view } : { fitView: !wanted })}
        fitViewOptions={FIT}
        minZoom={0.05}
        maxZoom={2}
        snapToGrid
        snapGrid={GRID}
        nodesDraggable={editable}
        nodesConnectable={editable}
        edgesReconnectable={editable}
        edgesFocusable={false}
        disableKeyboardA11y
        deleteKeyCode={null}
        reconnectRadius={12}
        connectionRadius={32}
        panOnScroll
        panOnDrag={mode === "pan" ? true : MIDDLE_BUTTON}
        selectionOnDrag={mode === "select"}
        selectionMode={SelectionMode.Partial}
        zoomOnDoubleClick={false}
        onlyRenderVisibleElements={nodes.length > MANY}
        attributionPosition="bottom-right"
        ariaLabelConfig={labels}
        tabIndex={0}
        aria-label={say("canvas")}
        aria-describedby="canvas-keys-line"
      >
        {furniture}
      </ReactFlow>
      {nodes.length === 0 && <Empty />}
      <ViewTools mode={mode} setMode={setMode} />
      {editable && selected.length > 0 && <SelectionTools count={selected.length} />}
      {clicking && <p className="canvas-hint">{say("connecting", { label: editor.label(clicking.nodeId ?? "") })}</p>}
      {open && <Overlay open={open} inspector={inspector} mark={mark} />}
      <p id="canvas-keys-line" className="visually-hidden">
        {say("canvas_keys")}
      </p>
      <p className="visually-hidden" role="status" aria-live="polite">
        {said}
      </p>
      <Wanted id={wanted} fitted={Boolean(view)} />
    </div>
  );
}

type Handlers = Pick<
  Required<ReactFlowProps<CardNode, WireEdge>>,
  | "onNodesChange" | "onEdgesChange" | "onNodeDragStop" | "onSelectionDragStop" | "onNodeClick" | "onNodeDoubleClick"
  | "onNodeContextMenu" | "onSelectionContextMenu" | "onEdgeContextMenu" | "onPaneContextMenu" | "onPaneClick" | "onConnect"
  | "onConnectStart" | "onConnectEnd" | "onClickConnectStart" | "onClickConnectEnd" | "onReconnectStart" | "onReconnect"
  | "onReconnectEnd" | "isValidConnection" | "onDragOver" | "onDrop" | "onMoveEnd"
>;

/** The handlers under functions that stay the same. */
function useStable<H extends object>(handlers: H): H {
  const latest = useRef(handlers);
  useLayoutEffect(() => {
    latest.current = handlers;
  });
  return useMemo(() => {
    const call = (name: string) => (...args: unknown[]) => (latest.current as Record<string, (...args: unknown[]) => unknown>)[name]!(...args);
    return Object.fromEntries(Object.keys(handlers).map((name) => [name, call(name)])) as H;
    // The names are the same each time.
  }, []);
}

function chosenAmong<T extends { id: string; selected?: boolean }>(all: T[], chosen: Set<string>): T[] {
  return all.map((each) => (Boolean(each.selected) === chosen.has(each.id) ? each : { ...each, selected: chosen.has(each.id) }));
}

/** The node that the page's address names is shown once it has been measured, where it stands in the flow. */
function Wanted({ id, fitted }: { id: string | null; fitted: boolean }) {
  const { editor } = useIsland();
  const ready = useNodesInitialized();
  const done = useRef(false);
  useEffect(() => {
    // Only once: nodes that are added later are measured too.
    if (!id || !ready || done.current) return;
    done.current = true;
    void Promise.resolve(fitted || editor.flow.fitView(FIT)).then(() => show(editor, id));
  }, [editor, fitted, id, ready]);
  return null;
}

const hitsPane = ({ x, y }: { x: number; y: number }): boolean =>
  document.elementsFromPoint(x, y).some((element) => element.classList.contains("react-flow__pane"));

/** A node that is reached with Tab comes into view. */
function followFocus(target: EventTarget, editor: Editor): void {
  const card = target as HTMLElement;
  editor.at = card.matches(".react-flow__node:focus-visible") ? card.dataset["id"]! : null;
  if (editor.at) lead(editor, editor.at, { focus: false });
}

/** The nodes with their names; what did not change stays the same. */
function useNames(nodes: CardNode[]): CardNode[] {
  const { editor, say } = useIsland();
  const known = useRef(new WeakMap<CardNode, CardNode>()).current;
  return useMemo(() => {
    const named = (node: CardNode): CardNode => {
      const ariaLabel = nameOf(say, editor.model.kinds.get(node.data.node.type), node.data, Boolean(node.selected));
      return { ...node, ariaLabel, domAttributes: { "aria-roledescription": say("node"), "aria-describedby": "canvas-keys-line" } };
    };
    for (const node of nodes) if (!known.has(node)) known.set(node, named(node));
    return nodes.map((node) => known.get(node)!);
  }, [editor, known, nodes, say]);
}

/** Marks one node, or one edge, without drawing anything anew. */
function useMark(root: HTMLElement): (id: string | null, what?: string) => void {
  return useCallback(
    (id, what = ".react-flow__node") => {
      for (const marked of root.querySelectorAll("[data-marked]")) marked.removeAttribute("data-marked");
      if (id) root.querySelector(`${what}[data-id="${CSS.escape(id)}"]`)?.setAttribute("data-marked", "");
    },
    [root],
  );
}
