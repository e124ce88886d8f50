// What the page says about itself: one JSON element, written by the server.
import type { Status } from "./outcome";
import type { Texts } from "./texts";

export interface Config {
  user: string;
  draft: string;
  version: number;
  saved_at: number;
  expires_at: number;
  status: Status;
  undo: boolean;
  redo: boolean;
  editable: boolean;
  scripts: Record<"variables" | "recovery" | "preview", string>;
  /** The address of the step that owns a field of the document. */
  steps: Record<string, string>;
  urls: Record<"undo" | "redo" | "changes" | "events" | "touch" | "export", string>;
  texts: Texts;
}

/** The JSON of the element with `id`, or null. */
export function json<T>(id: string): T | null {
  const text = document.getElementById(id)?.textContent;
  return text ? (JSON.parse(text) as T) : null;
}
