// What the panel asks the server for, in words for whoever builds where it refuses.
import { csrfToken } from "../app/cookies";

export class Refusal extends Error {}

/** The answer broke off, or is none of ours: there are no words for it. */
const unreached = (): never => {
  throw new Refusal();
};

async function asked(url: string, method: string, body: unknown, accept: string): Promise<Response> {
  const headers: Record<string, string> = { Accept: accept, "X-CSRFToken": csrfToken() };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(url, { method, headers, ...sent }).catch(() => null);
  if (answer?.ok) return answer;
  const problem = (await answer?.json().catch(() => null)) as { detail?: string } | null;
  throw new Refusal(problem?.detail ?? "");
}

/** The server's JSON; raises `Refusal` with its words, which are empty where it was not reached. */
export async function json<T>(url: string, method = "GET", body?: unknown): Promise<T> {
  const answer = await asked(url, method, body, "application/json");
  return (answer.status === 204 ? null : await answer.json().catch(unreached)) as T;
}

/** The events of a stream, as they come: their names and what they say. Raises as `json` does, also where it
 * breaks off. */
export async function* events(url: string, body: unknown): AsyncGenerator<[string, unknown]> {
  const answer = await asked(url, "POST", body, "text/event-stream");
  let rest = "";
  for await (const piece of pieces(answer)) {
    const frames = (rest + piece).split("\n\n");
    rest = frames.pop() ?? "";
    for (const frame of frames) {
      const [, name, data] = /^event: (.*)\ndata: (.*)$/.exec(frame) ?? [];
      if (name && data) yield [name, JSON.parse(data)];
    }
  }
}

async function* pieces(answer: Response): AsyncGenerator<string> {
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(unreached);
    if (done) return;
    yield value;
  }
}
