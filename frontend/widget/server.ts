// The calls to the server: a session that is opened when it is needed, answers that stream.
import { keep, type Widget } from "./model";
import type { Session } from "./types";

/** The server said no. */
export interface Refusal extends Error {
  status?: number;
}

export const refusal = (status: number, words: string): Refusal => Object.assign(new Error(words), { status });

/** An error in the visitor's words. */
export function words({ say, config }: Widget, error: unknown): string {
  const { status, message } = error as Refusal;
  if (!status) return say(navigator.onLine ? "failed" : "offline");
  // Whoever builds the chatbot is told why.
  return (status === 403 && !config.csrf ? say("refused") : message) || say("failed");
}

type Data = Record<string, unknown>;

async function call({ base, config, kept }: Widget, path: string, body: object, signal?: AbortSignal): Promise<Response> {
  const { csrf } = config;
  const response = await fetch(`${base}/${path}`, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      // Cookies and their guard go to the product's own pages only.
      [csrf ? "X-CSRFToken" : "Authorization"]: csrf ?? `Bearer ${kept.token ?? ""}`,
    },
    credentials: csrf ? "same-origin" : "omit",
    body: JSON.stringify(body),
    signal: signal as AbortSignal,
    // What is sent and not waited for arrives although the visitor leaves the page.
    keepalive: !signal,
  });
  if (response.ok) return response;
  const { detail, errors = [] } = await response.json().catch(() => ({}));
  const words = [detail, ...errors.map((each: Data) => each["message"])].join(" ");
  throw refusal(response.status, words);
}

/** The session: that of an earlier page where there is one. The first call opens it. */
export function session(w: Widget): Promise<Session> {
  w.opening ??= open(w).catch((error) => {
    w.opening = undefined;
    throw error;
  });
  return w.opening;
}

async function open(w: Widget): Promise<Session> {
  const { who, variables, lang } = w;
  const { token, session: session_id } = w.kept;
  const page = location.origin + location.pathname;
  const body = { session_id, token, page, identity: who, variables, language: lang };
  const answer = await call(w, "session", body, w.life).catch((error) => {
    // What the page says of the visitor and the server refuses is dropped: the chat goes on as it was.
    // What it took before and refuses now, such as a token that has expired, is nobody's any more.
    if (w.who === who && /403|413|422/.test(error.status)) Object.assign(w, w.accepted, who === w.accepted.who && { who: undefined });
    return why(w, error);
  });
  const found: Session = await answer.json();
  w.accepted = { who, variables };
  // The visitor went or said who they are meanwhile: this session is not theirs.
  if (w.who !== who) return renewed(w);
  keep(w, { token: found.token, session: found.session_id });
  return found;
}

/** Browsers keep a refusal from the page that it is meant for; its reason may be read by every page. */
async function why({ base }: Widget, error: Refusal): Promise<never> {
  if (error.status) throw error;
  const { detail } = await (await fetch(`${base}/reason`)).json();
  throw detail ? refusal(403, detail) : error;
}

/** The session anew, with a fresh token or for another visitor. */
export function renewed(w: Widget): Promise<Session> {
  w.opening = undefined;
  return session(w);
}

/** Send something in the session; once more with a fresh token when the old one has run out. */
export function post(w: Widget, path: string, body: object = {}, signal?: AbortSignal): Promise<Response> {
  const send = async (): Promise<Response> =>
    call(w, path, { session_id: (await session(w)).session_id, ...body }, signal);
  return send().catch(async (error: Refusal) => {
    if (error.status !== 401) throw error;
    await renewed(w);
    return send();
  });
}

/** The server-sent events of an answer, in order. */
export async function* events(body: ReadableStream<Uint8Array>): AsyncGenerator<[name: string, data: Data]> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + decoder.decode(value, { stream: true })).split(/\r?\n\r?\n/);
    rest = parts.pop()!;
    for (const part of parts) {
      const [, name, data] = /event: ?(\w+)\r?\ndata: ?(.*)/s.exec(part) ?? [];
      if (name) yield [name, JSON.parse(data!)];
    }
  }
}
