// Builds elements. Text only ever becomes text nodes: there is no way to put markup in.

export type Child = Node | string | null | false | undefined;
type Attributes = Record<string, unknown>;

/** An element; a function among the `attributes` listens to the event that it is named for. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const namespace = /svg|path/.test(tag) ? "2000/svg" : "1999/xhtml";
  const element = document.createElementNS(`http://www.w3.org/${namespace}`, tag) as HTMLElementTagNameMap[K];
  for (const name in attributes) {
    const value = attributes[name];
    if (value instanceof Function) element.addEventListener(name, value as EventListener);
    else if ((value ?? false) !== false) element.setAttribute(name, value as string);
  }
  element.append(...(children.filter((child) => child) as (Node | string)[]));
  return element;
}

const ICONS = {
  chat: "M7.9 20A9 9 0 1 0 4 16.1L2 22Z",
  close: "M18 6 6 18M6 6l12 12",
  send: "m5 12 7-7 7 7M12 19V5",
  stop: "M6 6h12v12H6z",
  again: "M3 12a9 9 0 1 0 3-7L3 8V3v5h5",
  fresh: "M12 3H3v18h18v-9m0-9-9 9",
  thumb: "M7 10v12m8-16-1 4h7l-3 12H2V10h5l5-8q3 0 3 4Z",
};

/** A drawing beside or instead of a label; screen readers skip it. */
export const icon = (name: keyof typeof ICONS): Element =>
  el("svg" as "i", { viewBox: "0 0 24 24", "aria-hidden": true }, el("path" as "i", { d: ICONS[name] }));

/** A button called `title` that shows a drawing. */
export const iconButton = (name: keyof typeof ICONS, title: string, attributes: Attributes): HTMLButtonElement =>
  el("button", { type: "button", title, ...attributes }, icon(name));

/** A button that says what it does. */
export const textButton = (text: string, click: () => unknown): HTMLButtonElement =>
  el("button", { type: "button", click }, text);

/** A link to `url` when a click on it can only lead to a web page or a mail, else nothing. */
export function link(url: string, ...children: Child[]): HTMLAnchorElement | undefined {
  if (!URL.canParse(url)) return undefined;
  const { href, protocol, username, password } = new URL(url);
  if (!/^(https?|mailto):$/.test(protocol) || username || password) return undefined;
  return el("a", { href, target: "_blank", rel: "noreferrer nofollow" }, ...children);
}
