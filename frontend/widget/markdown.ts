// Markdown to DOM nodes. There is no other way from a model's words to the page, during the stream
// or after it. Pictures become links: showing one would send a request.
import { el, link } from "./dom";
import { inline } from "./inline";
import { Depth, type Citation } from "./types";

const FENCE = /^ {0,3}(```+)/;
const HEADING = /^ {0,3}#{1,6}\s+(.*?)[\s#]*$/;
const RULE = /^ {0,3}([-*_])(\s*\1){2,}\s*$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])(?:\s+|$)/;
const QUOTE = /^ {0,3}> ?/;
const DIVIDER = /^[\s|:]*-[\s|:-]*$/;

type Lines = readonly string[];

/** Makes `into` show `text`. What did not change since the last time stays untouched. */
export function render(into: Element, text: string, citations: readonly Citation[] = []): void {
  const fresh = blocks(text.split(/\r?\n/), citations);
  fresh.forEach((node, at) => {
    const old = into.children[at];
    if (!old) into.append(node);
    else if (!old.isEqualNode(node)) old.replaceWith(node);
  });
  while (into.children.length > fresh.length) into.lastChild!.remove();
}

const begins = (line: string): boolean => [FENCE, HEADING, RULE, QUOTE, ITEM].some((kind) => kind.test(line));
const numbered = (line: string): boolean => /^\s*\d/.test(line);

function blocks(lines: Lines, citations: readonly Citation[], depth = 0): Element[] {
  const found: Element[] = [];
  const fill = <T extends Element>(into: T, text: string): T => inline(into, text, citations);
  let at = 0;
  /** The lines up to the one that `ends` this block. */
  const until = (ends: (line: string, next: string) => boolean): Lines => {
    const from = at++;
    while (at < lines.length && !ends(lines[at]!, lines[at + 1] ?? "")) at += 1;
    return lines.slice(from, at);
  };
  const list = (first: string): Element => {
    const [, indent, marker] = ITEM.exec(first)!;
    const all = until((line, next) => endsList(line, next, numbered(first)));
    const items = entries(all, indent!.length).map((item) => {
      const [text, ...rest] = blocks(item, citations, depth + 1);
      return el("li", {}, ...(text?.localName === "p" ? text.childNodes : [text]), ...rest);
    });
    return numbered(first) ? el("ol", { start: parseInt(marker!) }, ...items) : el("ul", {}, ...items);
  };
  while (at < lines.length) {
    const line = lines[at]!;
    const fence = FENCE.exec(line)?.[1];
    const heading = HEADING.exec(line);
    if (!line.trim()) at += 1;
    else if (fence) {
      const code = until((each) => each.trim().startsWith(fence)).slice(1);
      at += 1;
      found.push(el("pre", { tabindex: 0 }, el("code", {}, code.join("\n"))));
    } else if (heading || RULE.test(line)) {
      at += 1;
      found.push(heading ? el("p", {}, fill(el("b"), heading[1]!)) : el("hr"));
    } else if (depth < Depth.Most && ITEM.test(line)) found.push(list(line));
    else if (depth < Depth.Most && QUOTE.test(line)) {
      const quoted = until((each) => !QUOTE.test(each)).map((each) => each.replace(QUOTE, ""));
      found.push(el("blockquote", {}, ...blocks(quoted, citations, depth + 1)));
    } else {
      const all = until((each) => !each.trim() || begins(each));
      found.push(line.includes("|") && DIVIDER.test(all[1] ?? "") ? table(all, fill) : fill(el("p"), all.join("\n")));
    }
  }
  return found;
}

function endsList(line: string, next: string, counted: boolean): boolean {
  if (!line.trim()) return !/^\s+\S/.test(next) && !ITEM.test(next);
  if (/^\s/.test(line) || !begins(line)) return false;
  return RULE.test(line) || !ITEM.test(line) || numbered(line) !== counted;
}

/** The lines of each entry without its marker; what is indented belongs to the entry above. */
function entries(lines: Lines, indent: number): string[][] {
  const items: string[][] = [];
  let width = 0;
  for (const line of lines) {
    const [marker, before] = ITEM.exec(line) ?? [];
    if (marker && before!.length < indent + 2) {
      width = marker.length;
      items.push([line.slice(width)]);
    } else items.at(-1)!.push(line.slice(Math.min(line.search(/\S|$/), width)));
  }
  return items;
}

function table([head, , ...body]: Lines, fill: <T extends Element>(into: T, text: string) => T): Element {
  const row = (line: string, tag: "th" | "td"): Element =>
    el("tr", {}, ...line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => fill(el(tag), cell.trim())));
  const rows = body.map((line) => row(line, "td"));
  return el("div", { class: "scroll", tabindex: 0 }, el("table", {}, el("thead", {}, row(head!, "th")), el("tbody", {}, ...rows)));
}

/** The list of what an answer cites. */
export function sources(citations: readonly Citation[], label: string): Element {
  const items = citations.map(({ number, title, url, text }) => {
    const name = title || url || `${number}`;
    return el("li", { value: number, tabindex: -1 }, link(url, name) ?? name, text && el("p", {}, text));
  });
  return el("details", {}, el("summary", {}, `${label} (${items.length})`), el("ol", {}, ...items));
}
