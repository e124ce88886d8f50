// The calls to the server: one address, a short-lived token where there is no cookie.
import { events, type ServerEvent } from "./sse";

/** The server said no. `after` are the seconds that it asks to wait. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly after: number,
    words: string,
  ) {
    super(words);
  }
}

export interface Api {
  token: string;
  /** Send `body` to `path` below the address; raises `Refused`. */
  post(path: string, body: object, signal?: AbortSignal): Promise<Response>;
  stream(path: string, body: object, signal: AbortSignal): AsyncGenerator<ServerEvent>;
}

/** `csrf` is for a page of the server's own: its cookies are sent then, and nowhere else. */
export function connect(base: string, csrf: string | undefined): Api {
  const api: Api = {
    token: "",
    async post(path, body, signal) {
      const headers: Record<string, string> = { "Content-Type": "application/json" };
      if (csrf) headers["X-CSRFToken"] = csrf;
      if (api.token) headers["Authorization"] = `Bearer ${api.token}`;
      const response = await fetch(`${base}/${path}`, {
        method: "POST",
        headers,
        body: JSON.stringify(body),
        credentials: csrf ? "same-origin" : "omit",
        signal: signal ?? null,
      });
      if (!response.ok) throw await refusal(response);
      return response;
    },
    async *stream(path, body, signal) {
      const response = await api.post(path, body, signal);
      if (response.body) yield* events(response.body);
    },
  };
  return api;
}

async function refusal(response: Response): Promise<Refused> {
  const problem = await response.json().catch(() => ({}));
  const errors = (problem.errors ?? []) as { message: string }[];
  const words = [problem.detail, ...errors.map(({ message }) => message)].filter(Boolean).join(" ");
  return new Refused(response.status, Number(response.headers.get("Retry-After")) || 60, words);
}
