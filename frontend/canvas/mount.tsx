// Puts the canvas on the page, and ties it to what happens there: saves, runs, jumps, the clipboard.
import { ReactFlowProvider } from "@xyflow/react";
import { createRoot } from "react-dom/client";
import { isWriting } from "../app/page";
import { json } from "../builder/config";
import type { DraftState } from "../builder/outcome";
import { settle } from "./adding";
import { copy, paste } from "./copying";
import { Editor } from "./editor";
import { Flow } from "./flow";
import { Inspector } from "./inspector";
import { IslandContext } from "./island";
import { focusNode, renamed, show } from "./looking";
import { Model } from "./model";
import { Outgoing, saveIn, type Sent } from "./outgoing";
import { remove } from "./removing";
import type { RunEvent } from "./runs";
import { followSide, isInPreview } from "./side";
import { saying } from "./texts";
import type { CanvasData, Described } from "./types";

/** Draws the canvas in `place`; what is given back takes it off the page. */
export function mount(place: HTMLElement, data: CanvasData): () => void {
  const desk = document.createElement("div");
  const boxes = document.createElement("div");
  boxes.hidden = true;
  place.replaceChildren(desk, boxes);

  const say = saying(data.texts);
  const model = new Model(data);
  const editor = new Editor(model, say, desk);
  desk.className = "canvas-root";
  model.outgoing = new Outgoing(boxes, (path) => show(editor, endOf(model, path)));
  const inspector = new Inspector(place, data.node_url, (id) => model.isSaved(id));
  const island = { editor, say, sprite: data.sprite };
  const root = createRoot(desk);
  root.render(
    <IslandContext value={island}>
      <ReactFlowProvider>
        <Flow inspector={inspector} wanted={data.focus || new URLSearchParams(location.search).get("node")} />
      </ReactFlowProvider>
    </IslandContext>,
  );

  const leaving = new AbortController();
  const on = <T,>(name: string, hear: (detail: T, event: Event) => void): void =>
    document.addEventListener(name, (event) => hear((event as CustomEvent<T>).detail, event), { signal: leaving.signal });
  on<DraftState>("draft:saved", (state) => {
    const [chosen, focused] = [editor.selected(), editor.focused()];
    const made = model.unsaved;
    const names = model.told(state, json<Described>("canvas-state"));
    const waiting = model.unsaved;
    settle(editor, made.filter((id) => !waiting.includes(id)).map((id) => names.get(id) ?? id));
    if (names.size) renamed(editor, names, chosen, focused);
    inspector.renamed(names);
    inspector.saved();
    showAuthors(state.by, desk);
    for (const [path, words] of Object.entries(state.rejected ?? {})) {
      if (/^(nodes|edges)\.[^.]+(\.(type|position))?$/.test(path) && words) editor.toast(words);
    }
  });
  on<Sent>("htmx:before:request", (sent) => {
    const save = saveIn(sent);
    if (save) model.sending(save);
  });
  on<Sent>("htmx:finally:request", (sent) => void (saveIn(sent) && model.answered()));
  on("htmx:after:swap", () => {
    const said = json<Described>("canvas-state");
    if (said) model.describe(said);
    inspector.saved();
  });
  on<RunEvent>("canvas:run", (event) => model.ran(event));
  // What another flow runs is shown by the node that runs that flow.
  on<{ id: string }>("canvas:focus", ({ id }) => show(editor, id.split("/")[0]!, { focus: !isInPreview() }));
  followClipboard(editor, desk, on);
  followSide(leaving.signal);
  on("input", (_, { target }) => {
    const form = (target as Element).closest<HTMLElement>("#inspector [data-node]");
    if (form) model.begun(form.dataset["node"]);
  });
  on("keydown", (_, event) => leaveInspector(event as KeyboardEvent, editor));
  on("click", (_, event) => {
    const target = event.target as Element;
    if (target.closest("[data-leaves-node]")) closeInspector(editor);
    if (target.closest("#problems")) model.begun();
  });
  return () => {
    leaving.abort();
    root.unmount();
  };
}

/** Says at each card for a moment who else has changed it; a new one is drawn within a frame or two. */
function showAuthors(by: DraftState["by"], desk: HTMLElement): void {
  setTimeout(() => {
    for (const [path, who] of Object.entries(by)) {
      const card = desk.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(path.split(".")[1] ?? "")}"]`);
      if (!card) continue;
      card.dataset["changedBy"] = who;
      setTimeout(() => delete card.dataset["changedBy"], 4000);
    }
  }, 60);
}

/** The node of a path, or the one that an edge comes from. */
function endOf(model: Model, path: string): string {
  const [part, id = ""] = path.split(".");
  return part === "edges" ? (model.graph.edges.get(id)?.source ?? "") : id;
}

type On = <T>(name: string, hear: (detail: T, event: Event) => void) => void;

/** The browser's own events, since they need no permission and no secure connection. */
function followClipboard(editor: Editor, desk: HTMLElement, on: On): void {
  const ours = ({ target }: Event): boolean => desk.contains(document.activeElement) && !isWriting(target);
  for (const name of ["copy", "cut"]) {
    on(name, (_, event) => {
      const ids = ours(event) && !String(getSelection()) ? editor.meant() : [];
      const text = copy(editor, ids);
      if (text === null) return;
      (event as ClipboardEvent).clipboardData?.setData("text/plain", text);
      event.preventDefault();
      if (name === "cut" && editor.editable) remove(editor, ids);
    });
  }
  on("paste", (_, event) => {
    if (!ours(event)) return;
    const text = (event as ClipboardEvent).clipboardData?.getData("text/plain") ?? "";
    if (paste(editor, text)) event.preventDefault();
  });
}

/** Esc leaves a box of a node's form, and from elsewhere in it the form: where somebody types, no key is the
 * canvas's. */
function leaveInspector(event: KeyboardEvent, editor: Editor): void {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open]")) return;
  const panel = (event.target as Element).closest?.<HTMLElement>("#inspector");
  if (!panel) return;
  event.preventDefault();
  if (!isWriting(event.target)) return closeInspector(editor);
  panel.tabIndex = -1;
  panel.focus({ preventScroll: true });
}

/** Put a node's form away, and go back to the node. */
function closeInspector(editor: Editor): void {
  const [selected] = editor.selected();
  editor.select([]);
  focusNode(editor, selected);
}
