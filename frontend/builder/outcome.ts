// What the server's answer to a save means. Only an answer that names our patch is an
// acknowledgement: a sign-in page that came with status 200 is not.
import type { Value } from "./outbox";

export interface Conflict {
  path: string;
  theirs: Value;
}

/** What every answer of the draft machine carries about the draft. */
export interface DraftState {
  patch_id: string;
  version: number;
  updated_at: number;
  expires_at: number;
  values: Record<string, Value>;
  paths: string[];
  lists: string[];
  by: Record<string, string>;
  rejected: Record<string, string>;
  issues: Record<string, string>;
  conflicts: Conflict[];
  renamed: [string, string][];
  problems: number;
  undo: boolean;
  redo: boolean;
}

export type Outcome =
  | { kind: "saved"; state: DraftState }
  | { kind: "conflict"; state: DraftState }
  | { kind: "refused"; message: string }
  | { kind: "expired" }
  | { kind: "signed-out" }
  | { kind: "forbidden" }
  | { kind: "busy"; seconds: number }
  | { kind: "server" };

export interface Answer {
  status: number;
  redirected: boolean;
  text: string;
  header(name: string): string | null;
}

const STATE = /<script[^>]*\bid="draft-state"[^>]*>([\s\S]*?)<\/script>/;

/** The state that an answer's text carries, if it does. */
export function stateIn(text: string): DraftState | null {
  const found = STATE.exec(text)?.[1];
  if (!found) return null;
  try {
    return JSON.parse(found) as DraftState;
  } catch {
    return null;
  }
}

/** `patchId` is what was sent; `words` is what to say of a refusal without words of its own. */
export function outcome(answer: Answer, patchId: string, words: string): Outcome {
  const state = stateIn(answer.text);
  const { status } = answer;
  if ((status === 200 || status === 422) && state?.patch_id === patchId) {
    return { kind: "saved", state };
  }
  if (status === 409 && state) return { kind: "conflict", state };
  if (status === 401 || (answer.redirected && status < 300)) return { kind: "signed-out" };
  if (status === 403) return { kind: answer.header("X-Role") ? "forbidden" : "signed-out" };
  if (status === 404 || status === 410) return { kind: "expired" };
  if (status === 429) return { kind: "busy", seconds: Number(answer.header("Retry-After")) || 5 };
  if (status === 400 || status === 413 || status === 422) return { kind: "refused", message: words };
  return { kind: "server" };
}
