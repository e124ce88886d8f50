// Names for new nodes and edges. They are parts of paths, so only word characters are in them.

const NODE = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

export const isId = (text: unknown): text is string => typeof text === "string" && NODE.test(text);

export interface Names {
  has(id: string): boolean;
}

/** The kind with the lowest number that is free: `llm1`. */
export function nodeId(kind: string, ...taken: Names[]): string {
  const stem = kind.replace(/\W/g, "_").replace(/^(?=\d)/, "_").slice(0, 56) || "node";
  let number = 1;
  while (taken.some((names) => names.has(`${stem}${number}`))) number += 1;
  return `${stem}${number}`;
}

export function edgeId(taken: Names): string {
  const random = crypto.getRandomValues(new Uint8Array(8));
  const id = `e_${Array.from(random, (byte) => LETTERS[byte % LETTERS.length]).join("")}`;
  return taken.has(id) ? edgeId(taken) : id;
}
