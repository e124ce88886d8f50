// A flight as a form post: the names that changed, and the values of those that have one.
import type { Value } from "./outbox";

export function encode(values: Record<string, Value>, patchId: string): URLSearchParams {
  const body = new URLSearchParams({ patch_id: patchId });
  for (const [name, value] of Object.entries(values)) {
    body.append("_changed", name);
    for (const text of texts(value)) body.append(name, text);
  }
  return body;
}

function texts(value: Value): string[] {
  if (typeof value === "boolean") return value ? ["on"] : [];
  return Array.isArray(value) ? value : [value];
}
