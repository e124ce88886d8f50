// Moving nodes: by hand, into line, or all in good order.
import { aligned, below, distributed, passage, type Axis, type Side } from "./arrange";
import type { CardNode } from "./cards";
import type { Editor } from "./editor";
import * as rules from "./graph";
import { tidied } from "./layout";
import { fit } from "./looking";
import type { Position } from "./types";

const STEP = 24;

/** How low the line runs that leads from one node to another on its left; back to a loop, below both. */
export function passageOf(editor: Editor, source: string, target: string, back = false): number {
  const [from, to] = editor.boxes([source, target]);
  return from && to ? passage(editor.boxes(), from, to, back && to.y < from.y) : 0;
}

function place(editor: Editor, places: Iterable<readonly [string, Position]>, words: string): void {
  if (editor.model.change(rules.moved(editor.graph, places))) editor.announce(words);
}

/** The cards were dragged somewhere. */
export function dragged(editor: Editor, nodes: CardNode[]): void {
  place(editor, nodes.map(({ id, position }) => [id, position] as const), movedWords(editor, nodes.map(({ id }) => id)));
}

function movedWords(editor: Editor, ids: string[]): string {
  return ids.length === 1 ? editor.say("moved", { label: editor.label(ids[0]!) }) : editor.say("moved_other", { n: ids.length });
}

export function nudge(editor: Editor, ids: string[], [x, y]: readonly [number, number], far: boolean): void {
  const by = far ? 4 * STEP : STEP;
  place(editor, editor.boxes(ids).map((box) => [box.id, { x: box.x + x * by, y: box.y + y * by }] as const), movedWords(editor, ids));
}

/** A card is `height` high from now on. What stood below it makes room, where it grew by what is written here into its
 * settings: what others write is theirs to make room for. */
export function grown(editor: Editor, id: string, height: number): void {
  const box = editor.box(id);
  const isOurs = document.activeElement?.closest<HTMLElement>("#inspector [data-node]")?.dataset["node"] === id;
  if (isOurs && box && height > box.height) editor.model.change(rules.moved(editor.graph, below(editor.boxes(), { ...box, height }, height - box.height)));
}

export function align(editor: Editor, side: Side): void {
  const boxes = editor.boxes(editor.selected());
  place(editor, aligned(boxes, side), editor.say("aligned", { n: boxes.length }));
}

export function distribute(editor: Editor, axis: Axis): void {
  const boxes = editor.boxes(editor.selected());
  place(editor, distributed(boxes, axis), editor.say("distributed", { n: boxes.length }));
}

/** Lay out what is selected, or all. */
export function tidy(editor: Editor): void {
  const ids = editor.selected();
  const some = ids.length > 1;
  place(editor, tidied(editor.graph, editor.boxes(some ? ids : undefined)), editor.say("tidied"));
  if (!some) requestAnimationFrame(() => fit(editor));
}
