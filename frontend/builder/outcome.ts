// What the server's answer to a save means. Only an answer that names our patch is an
// acknowledgement: a sign-in page that came with status 200 is not.
import type { Value } from "./outbox";

export interface Conflict {
  path: string;
  theirs: Value;
}

/** Where the draft is in its life. */
export type Status = "draft" | "deploying" | "failed";

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
  status: Status;
  /** Whether whoever asked may change the draft. */
  editable: boolean;
  /** What an undo or a redo did, and what can be done then: show its field, or without one do it again. */
  done: { words?: string; action?: string; path?: string; url?: string };
  undo: boolean;
  redo: boolean;
}

export type Outcome =
  | { kind: "saved"; state: DraftState }
  | { kind: "conflict"; state: DraftState }
  | { kind: "refused"; message: string }
  | { kind: "locked"; message: string }
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
export const stateIn = (text: string): DraftState | null => found<DraftState>(STATE, text);

function found<T>(element: RegExp, text: string): T | null {
  const json = element.exec(text)?.[1];
  if (!json) return null;
  try {
    return JSON.parse(json) as T;
  } catch {
    return null;
  }
}

const REFUSAL = /<script[^>]*\bid="draft-refusal"[^>]*>([\s\S]*?)<\/script>/;

/** What to say of a refusal that brings no words of its own. */
export interface Words {
  refused: string;
  tooLarge: string;
}

/** `patchId` is what was sent. */
export function outcome(answer: Answer, patchId: string, words: Words): Outcome {
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
  const message = found<string>(REFUSAL, answer.text) || (status === 413 ? words.tooLarge : words.refused);
  if (status === 409) return { kind: "locked", message };
  if (status === 400 || status === 413 || status === 422) return { kind: "refused", message };
  return { kind: "server" };
}
