// The preview's chat, and the calls that the builder itself makes in its session.
import { csrfToken } from "../app/cookies";

interface Widget {
  fresh(): void;
  reset(): void;
  mount(): void;
  /** Rejects with the server's words, where it has a `status`. */
  identify(who: { variables: Record<string, string> }): Promise<void>;
}

export const widget = (): Widget | undefined => window.PrivexBot as Widget | undefined;

/** What was set as the visitor's, and is the server's only with the next message. */
export const setHere = ({ dataset }: HTMLElement): Record<string, string> => JSON.parse(dataset["set"] ?? "{}");

/** What a call in the preview's session gives; nothing when it could not be made. */
export async function called<T>(url: string, session_id: string, more = {}): Promise<T | undefined> {
  const headers = { "X-CSRFToken": csrfToken(), "Content-Type": "application/json" };
  const body = JSON.stringify({ session_id, ...more });
  const answer = await fetch(url, { method: "POST", headers, body }).catch(() => null);
  return (await answer?.json().catch(() => null)) as T | undefined;
}

declare global {
  interface Window {
    PrivexBot?: unknown;
  }
}
