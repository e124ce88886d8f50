// The variables menu of prompt boxes, without the page: when it opens, what it offers, what it
// writes.

export interface Variable {
  name: string;
  label?: string;
  hint?: string;
  /** Of a function, `label` is how it is written. */
  type?: string;
}

export interface VariableGroup {
  label: string;
  variables: Variable[];
}

export interface Opening {
  /** Where the "/" or "{{" starts. */
  start: number;
  query: string;
}

export type Option = { kind: "use"; variable: Variable; group: string } | { kind: "create"; name: string };

const BRACES = /\{\{\s*([\w.]*)$/;
const SLASH = /(^|[\s(])\/([\w.]*)$/;
const NAME = /^[A-Za-z_]\w{0,63}$/;

/** Whether the text before the caret asks for a variable. */
export function opening(before: string): Opening | null {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const offset = before.length - line.length;
  const braces = BRACES.exec(line);
  if (braces) return { start: offset + braces.index, query: braces[1] ?? "" };
  const slash = SLASH.exec(line);
  if (!slash || inCode(before, line)) return null;
  return { start: offset + slash.index + (slash[1] ?? "").length, query: slash[2] ?? "" };
}

function inCode(before: string, line: string): boolean {
  const fences = before.match(/^```/gm)?.length ?? 0;
  const ticks = line.replace(/^```/, "").match(/`/g)?.length ?? 0;
  return fences % 2 === 1 || ticks % 2 === 1;
}

/** What the menu offers for a query: the variables that contain it, those that begin with it first, and to make a
 * new one. */
export function optionsFor(groups: VariableGroup[], query: string, creates: boolean): Option[] {
  const wanted = query.toLowerCase();
  const found = groups.flatMap((group) =>
    group.variables
      .filter(({ name, label }) => `${name} ${label ?? ""}`.toLowerCase().includes(wanted))
      .map((variable): Option => ({ kind: "use", variable, group: group.label })),
  );
  if (wanted) found.sort((one, other) => Number(begins(other, wanted)) - Number(begins(one, wanted)));
  const known = groups.some((group) => group.variables.some(({ name }) => name === query));
  const offer = creates && !known && NAME.test(query);
  return offer ? [...found, { kind: "create", name: query }] : found;
}

const begins = (option: Option, wanted: string): boolean => option.kind === "use" && option.variable.name.toLowerCase().startsWith(wanted);

export interface Edit {
  from: number;
  to: number;
  text: string;
}

/** What to replace so that `{{name}}` stands at the caret, in a condition the bare name unless braces were
 * typed; braces that follow are used up. */
export function insertion(text: string, caret: number, name: string, start = caret, bare = false): Edit {
  const closing = /^\s*\}\}/.exec(text.slice(caret))?.[0] ?? "";
  const opened = text.slice(start, caret).startsWith("{{");
  return { from: start, to: caret + (opened ? closing.length : 0), text: bare && !opened ? name : `{{${name}}}` };
}
