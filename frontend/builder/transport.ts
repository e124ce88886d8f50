// Sends over the page's one htmx form, so that there is one queue, one CSRF path and one way in
// which answers are swapped. The caller sees to it that one request is on its way at a time.
import { csrfToken, ensureCsrfCookie } from "../app/cookies";
import type { Answer } from "./outcome";

export interface Post {
  url: string;
  body: URLSearchParams;
  version?: number;
}

interface HtmxContext {
  sourceElement: Element;
  text?: string;
  status: string;
  request: { action: string; body: unknown; headers: Record<string, string> };
  response?: { status: number; headers: Headers; raw: Response };
}

export class Transport {
  private post: Post | null = null;
  private answered: ((answer: Answer | null) => void) | null = null;

  /** `arrived` is called with each answer before its parts are swapped into the page. */
  constructor(
    private readonly form: HTMLFormElement,
    private readonly arrived: (answer: Answer) => void,
  ) {
    // What the last page left behind is sent at once, maybe before htmx has looked at the page.
    window.htmx.process(form);
    form.addEventListener("htmx:before:request", (event) => this.sending(context(event)));
    form.addEventListener("htmx:after:request", (event) => this.received(context(event)));
    form.addEventListener("htmx:finally:request", () => this.settle());
    form.addEventListener("auth:required", (event) => event.stopPropagation());
  }

  /** The server's answer after its parts are on the page; null when none came. */
  async send(post: Post): Promise<Answer | null> {
    await ensureCsrfCookie();
    this.post = post;
    return new Promise((resolve) => {
      this.answered = resolve;
      this.form.dispatchEvent(new Event("draft:save"));
    });
  }

  private sending({ request }: HtmxContext): void {
    if (!this.post) return;
    request.action = this.post.url;
    request.body = this.post.body;
    Object.assign(request.headers, headers(this.post));
  }

  private answer: Answer | null = null;

  private received(ctx: HtmxContext): void {
    if (!ctx.response) return;
    const { status, headers: given, raw } = ctx.response;
    this.answer = {
      status,
      redirected: raw.redirected,
      text: ctx.text ?? "",
      header: (name) => given.get(name),
    };
    this.arrived(this.answer);
    // A page that we were redirected to is not an answer to a save: keep it out of the builder.
    if (raw.redirected) ctx.text = "";
  }

  private settle(): void {
    const { answered, answer } = this;
    this.answered = this.answer = null;
    answered?.(answer);
  }
}

const context = (event: Event): HtmxContext => (event as CustomEvent<{ ctx: HtmxContext }>).detail.ctx;

function headers(post: Post): Record<string, string> {
  const always = { "X-CSRFToken": csrfToken() };
  return post.version === undefined ? always : { ...always, "If-Match": `"${post.version}"` };
}

const KEEPALIVE_LIMIT = 60_000;

/** The last chance of a page that goes away; false when the browser would not take so much. */
export function sendLast(post: Post): boolean {
  if (post.body.toString().length > KEEPALIVE_LIMIT) return false;
  void fetch(post.url, {
    method: "POST",
    keepalive: true,
    body: post.body,
    headers: { ...headers(post), "HX-Request": "true" },
  }).catch(() => undefined);
  return true;
}
