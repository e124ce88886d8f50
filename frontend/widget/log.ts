// The conversation on the screen: what is added to it, and what is only shown until the next thing.
import { el, type Child } from "./dom";
import type { Widget } from "./model";
import type { Key } from "./strings";
import { Reading } from "./types";

/** Do what makes the conversation longer; scroll along unless the visitor reads further up. */
export function follow({ log }: Widget, longer: () => void): void {
  const near = log.scrollHeight - log.scrollTop - log.clientHeight < Reading.Near;
  longer();
  if (near) log.scrollTop = Reading.End;
}

export function add<T extends Element>(w: Widget, node: T, passes = false): T {
  follow(w, () => w.log.append(node));
  if (passes) w.passing.push(node);
  return node;
}

/** Take away what was only shown under the last message. */
export function tidy({ passing }: Widget): void {
  for (const node of passing.splice(0)) node.remove();
}

/** One message; one that `passes` is only shown until the next thing happens. */
export const bubble = (w: Widget, role: Key, content: readonly Child[], passes = false): HTMLElement =>
  add(w, el("div", { class: role === "you" ? "msg brand" : "msg" }, el("span", { class: `sr ${role}` }, `${w.say(role)}: `), ...content), passes);

/** A line under the last message, until the next thing happens; read aloud as its `role` says. */
export const note = (w: Widget, role: "alert" | "status", ...content: Child[]): HTMLElement =>
  add(w, el("div", { class: "row", role }, ...content), true);
