// Dotted paths of the document: `variables.order_id.type`.

/** Whether a change at one path can be seen at the other. */
export function overlap(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}

/** Whether any of `others` overlaps `path`. */
export function touches(path: string, others: Iterable<string>): boolean {
  for (const other of others) if (overlap(path, other)) return true;
  return false;
}

/** `path` after the item or object at `from` was renamed to `to`. */
export function renamed(path: string, from: string, to: string): string {
  if (path === from) return to;
  return path.startsWith(`${from}.`) ? to + path.slice(from.length) : path;
}
