// What the palette finds: how well words fit a label.
export interface Entry {
  label: string;
  url?: string;
  icon?: string;
  note?: string;
  run?: () => void;
}

/** How well `query` fits `label`: 0 not at all, more is better. Letters in order are enough. */
export function fit(query: string, label: string): number {
  const wanted = query.trim().toLowerCase();
  const words = label.toLowerCase();
  if (!wanted) return 1;
  if (words.startsWith(wanted)) return 4;
  if (words.split(/\s+/).some((word) => word.startsWith(wanted))) return 3;
  if (words.includes(wanted)) return 2;
  return inOrder(wanted, words) ? 1 : 0;
}

function inOrder(wanted: string, words: string): boolean {
  let from = 0;
  for (const letter of wanted.replace(/\s+/g, "")) {
    from = words.indexOf(letter, from) + 1;
    if (!from) return false;
  }
  return true;
}

/** The best entries first, each address once. */
export function best(query: string, entries: Entry[], most = 30): Entry[] {
  const seen = new Set<string>();
  return entries
    .map((entry) => ({ entry, score: fit(query, entry.label) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score)
    .map(({ entry }) => entry)
    .filter(({ url, label }) => !seen.has(url ?? label) && seen.add(url ?? label))
    .slice(0, most);
}
