// What the page says about itself: one JSON element, written by the server.
import type { Texts } from "./texts";

export interface Config {
  user: string;
  draft: string;
  version: number;
  saved_at: number;
  expires_at: number;
  problems: number;
  undo: boolean;
  redo: boolean;
  editable: boolean;
  variables_script: string;
  urls: Record<"base" | "undo" | "redo" | "changes" | "events" | "touch" | "export" | "import", string>;
  texts: Texts;
}

/** The JSON of the element with `id`, or null. */
export function json<T>(id: string): T | null {
  const text = document.getElementById(id)?.textContent;
  return text ? (JSON.parse(text) as T) : null;
}

/** The CSRF token as it is now: signing in again in another tab changes the cookie. */
export function csrf(): string {
  return csrfCookie() ?? document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "";
}

function csrfCookie(): string | undefined {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1];
}

/** Get a token when the browser has forgotten its cookies; any page of ours brings one. */
export async function withCsrfCookie(): Promise<void> {
  if (!csrfCookie()) await fetch(location.href).catch(() => undefined);
}
