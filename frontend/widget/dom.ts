// Builds elements. Text only ever becomes text nodes: there is no way to put markup in.

type Child = Node | string | null | false | undefined;
type Attributes = Record<string, unknown>;

/** An element; functions among `attributes` listen to the event they are named for. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value as EventListener);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  element.append(...(children.filter((child) => child || child === "") as (Node | string)[]));
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  chat: "M7.9 20A9 9 0 1 0 4 16.1L2 22Z",
  close: "M18 6 6 18M6 6l12 12",
  send: "m5 12 7-7 7 7M12 19V5",
  stop: "M7 7h10v10H7z",
  again: "M3 12a9 9 0 1 0 9-9 9.8 9.8 0 0 0-6.7 2.7L3 8M3 3v5h5",
  fresh: "M12 3H5a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h14a2 2 0 0 0 2-2v-7M18.4 2.6a2.1 2.1 0 0 1 3 3L12 15l-4 1 1-4Z",
  thumb: "M7 10v12M15 5.9 14 10h5.8a2 2 0 0 1 2 2.6l-2.4 8a2 2 0 0 1-1.9 1.4H4a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2h2.8a2 2 0 0 0 1.8-1.1L12 2a3.1 3.1 0 0 1 3 3.9Z",
};

export type Icon = keyof typeof ICONS;

/** A drawing beside a label; screen readers skip it. */
export function icon(name: Icon): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button that shows `name` and is called `label`. */
export function iconButton(name: Icon, label: string, attributes: Attributes): HTMLButtonElement {
  return el("button", { type: "button", "aria-label": label, title: label, ...attributes }, icon(name));
}

/** `url` when a click on it can only lead to a web page or a mail, else nothing. */
export function safe(url: string): URL | undefined {
  try {
    const parsed = new URL(url);
    const known = /^(https?|mailto):$/.test(parsed.protocol);
    return known && !parsed.username && !parsed.password ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** A link that leaves the page alone. */
export function link(url: URL, ...children: Child[]): HTMLAnchorElement {
  const rel = "noopener noreferrer nofollow";
  return el("a", { href: url.href, target: "_blank", rel, title: url.href }, ...children);
}
