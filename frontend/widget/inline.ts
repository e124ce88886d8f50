// The text inside a block: emphasis, code, links, citations. Linear in the length of the text.
import { el, link, textButton } from "./dom";
import { Depth, type Citation } from "./types";

const SPECIAL = /\\([!-/:-@[-`{-~])|(`+)|(\*\*|__|~~|\*|_)|\[(\d{1,3})\](?!\()|(!?\[)|(https?:\/\/[^\s<>"'`|]+)|\n/g;
const LINK = /!?\[([^\]]{0,500})\]\(\s*((?:[^()\s]|\([^()\s]{0,200}\)){1,2000})[^)\n]{0,200}\)/y;
const TAGS = { "**": "b", __: "b", "~~": "s", "*": "i", _: "i" } as const;
const WORD = /[\p{L}\p{N}]/u;

/** What stands at a special character, and where the text goes on behind it. */
type Found = [node: Node | string | undefined, end: number] | undefined;

/** Adds `text` to `into` and gives `into` back. */
export function inline<T extends Element>(into: T, text: string, citations: readonly Citation[] = [], depth = 0): T {
  const find = finder(text, citations, depth);
  const special = new RegExp(SPECIAL);
  let at = 0;
  for (let match; (match = special.exec(text)); ) {
    const [node, end] = find(match, match.index + match[0].length) ?? [];
    if (!node) continue;
    into.append(text.slice(at, match.index), node);
    special.lastIndex = at = end!;
  }
  into.append(text.slice(at));
  return into;
}

function finder(text: string, citations: readonly Citation[], depth: number) {
  // A mark without an end has none further on either, so each is looked for in vain only once.
  const open = new Set<string>();
  const pair = (mark: string, from: number, tag: "b" | "s" | "i" | "code", ends: (at: number) => boolean): Found => {
    let end = open.has(mark) ? -1 : text.indexOf(mark, from + 1);
    while (end > 0 && !ends(end)) end = text.indexOf(mark, end + 1);
    if (end < 0) return void open.add(mark);
    const inside = text.slice(from, end);
    const node = tag === "code" ? el(tag, {}, inside.trim()) : inline(el(tag), inside, citations, depth + 1);
    return [node, end + mark.length];
  };
  const code = (ticks: string, from: number): Found =>
    pair(ticks, from, "code", (at) => text[at + ticks.length] !== "`");
  const emphasis = (mark: keyof typeof TAGS, from: number): Found => {
    const word = (at: number): boolean => mark[0] === "_" && WORD.test(text[at] ?? "");
    if (depth > Depth.Most || !/\S/.test(text[from] ?? "") || word(from - mark.length - 1)) return;
    return pair(mark, from, TAGS[mark], (at) => {
      const [before, after] = [text[at - 1]!, at + mark.length];
      if (/[\s\\]/.test(before) || word(after)) return false;
      return mark.length > 1 || (text[after] !== mark && before !== mark);
    });
  };
  return ([, escaped, ticks, mark, number, bracket, url]: RegExpExecArray, from: number): Found => {
    if (escaped) return [escaped, from];
    if (ticks) return code(ticks, from);
    if (mark) return emphasis(mark as "*", from);
    if (number) return [citation(+number, citations), from];
    if (bracket) return named(text, from - bracket.length);
    return url ? bare(url, from) : [el("br"), from];
  };
}

/** `[name](address)`, with the host beside a name that does not say where it leads. */
function named(text: string, at: number): Found {
  LINK.lastIndex = at;
  const [all, name, address] = LINK.exec(text) ?? [];
  if (!all) return;
  const found = link(address!);
  const host = found?.host || found?.pathname || "";
  found?.append(name || host);
  if (!name!.includes(host) && host !== location.host) found?.append(el("small", {}, ` (${host})`));
  return [found ?? (name || all), at + all.length];
}

/** An address that stands by itself, without the full stop behind it. */
function bare(address: string, end: number): Found {
  const kept = address.replace(address.includes("(") ? /[.,:;!?*_~]+$/ : /[.,:;!?*_~)\]}]+$/, "");
  return [link(kept, kept), end - address.length + kept.length];
}

/** `[n]` leads to what is cited, or to the passage below where that has no address; it is plain text
 * when nothing is cited. */
function citation(number: number, citations: readonly Citation[]): Element | undefined {
  const found = citations.find((each) => each.number === number);
  if (!found) return;
  const mark = `[${number}]`;
  const sup = el("sup", { title: found.title }, link(found.url, mark) ?? textButton(mark, () => {
    // The list comes with the end of the answer.
    const list = sup.closest(".msg")!.nextElementSibling;
    list?.toggleAttribute("open", true);
    list?.querySelector<HTMLElement>(`[value="${number}"]`)?.focus();
  }));
  return sup;
}
