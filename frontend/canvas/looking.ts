// Looking at the canvas: what comes into view, and what has the focus.
import { coveredBy, roomAbove } from "./cover";
import type { Editor } from "./editor";
import { seeing } from "./viewport";

/** Bring a node into view, where it is not, and give it the focus. `near`: what is too small to be read comes
 * nearer. One that was just made is drawn within a few frames. */
export function lead(editor: Editor, id: string, { near = false, focus = true, tries = 20 } = {}): void {
  const box = editor.box(id);
  if (!box && tries) requestAnimationFrame(() => lead(editor, id, { near, focus, tries: tries - 1 }));
  if (!box) return;
  const now = editor.flow.getViewport();
  const room = { x: editor.root.clientWidth - coveredBy(editor.root), y: roomAbove(editor.root) };
  const view = seeing(box, now, room, near);
  if (view !== now) void editor.flow.setViewport(view, { duration: motion() });
  if (focus) focusNode(editor, id);
}

/** Focus a node once it is drawn: one that is out of sight may not be in the page yet. */
export function focusNode(editor: Editor, id: string | undefined, tries = 20): void {
  const card = id && editor.root.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
  if (card && card.style.visibility !== "hidden") return card.focus({ preventScroll: true });
  if (id && tries) requestAnimationFrame(() => focusNode(editor, id, tries - 1));
  else editor.root.querySelector<HTMLElement>(".react-flow")?.focus({ preventScroll: true });
}

/** The settings of the selected node came to lie over it. */
export function keepInView(editor: Editor): void {
  const [id, another] = editor.selected();
  const dragging = editor.flow.getNodes().some((node) => node.dragging);
  if (id && !another && !dragging) lead(editor, id, { focus: false });
}

/** Nodes are called otherwise now, new names by old; `chosen` and `focused` were before. */
export function renamed(editor: Editor, names: ReadonlyMap<string, string>, chosen: string[], focused: string | null): void {
  editor.select(chosen.map((id) => names.get(id) ?? id));
  const to = names.get(focused ?? "");
  if (to) focusNode(editor, to);
}

export function motion(): number {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200;
}

/** Select a node and bring it into view; whoever reads elsewhere keeps the focus there, and a view that has it. */
export function show(editor: Editor, id: string, { focus = true } = {}): void {
  if (!editor.node(id)) return;
  editor.select([id]);
  lead(editor, id, { near: focus, focus });
}

export function fit(editor: Editor): void {
  const [right, below] = [coveredBy(editor.root), editor.root.clientHeight - roomAbove(editor.root)];
  const padding = { x: 0.12, y: 0.12, ...(right && { right: `${right + 32}px` as const }), ...(below && { bottom: `${below + 32}px` as const }) };
  void editor.flow.fitView({ padding, maxZoom: 1, duration: motion() });
}
