// The page's words come from the server, so that they are translated in one place.

export type Texts = Record<string, string>;

/** The text called `name` with `{n}`-like marks filled in. */
export function say(texts: Texts, name: string, marks: Record<string, string | number> = {}): string {
  const text = texts[name] ?? name;
  return text.replace(/\{(\w+)\}/g, (whole, mark: string) => String(marks[mark] ?? whole));
}
