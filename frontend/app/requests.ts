// What every htmx request shares: a CSRF token that is never stale, and errors in words.
import { cookie, ensureCsrfCookie } from "./cookies";
import { openDialog } from "./dialogs";
import { byId, text } from "./page";
import { show } from "./toasts";

export interface RequestContext {
  sourceElement: HTMLElement;
  sourceEvent: Event;
  text?: string;
  request: { action: string; method: string; headers: Record<string, string>; body?: unknown };
  response?: { status: number; headers: Headers };
}

interface ErrorEvent extends Event {
  detail: { ctx?: RequestContext; error?: Error };
}

/** The words of a problem+json body, if it is one. */
export function problemWords(type: string, body: string): string {
  if (!/[/+]json/.test(type)) return "";
  try {
    const problem = JSON.parse(body) as { detail?: string; title?: string };
    return problem.detail ?? problem.title ?? "";
  } catch {
    return "";
  }
}

/** Statuses whose answer the page itself shows: a form with errors, a conflict, a gone draft. */
const SHOWN = new Set([409, 410, 422]);

/** What to tell the person about an answer; nothing when the page already shows it. */
export function wordsFor(status: number, type: string, body: string, retryAfter: string): string {
  const words = problemWords(type, body);
  if (words) return words;
  if (SHOWN.has(status)) return "";
  if (status === 429) return text("busy").replace("{n}", retryAfter || "60");
  if (status === 403) return text("forbidden");
  if (status === 404) return text("gone");
  return text(status >= 500 ? "failed" : "refused");
}

const isCsrfFailure = ({ response, text: body = "" }: RequestContext) =>
  response?.status === 403 && body.includes("data-csrf-failure");

async function retryWithFreshToken(ctx: RequestContext): Promise<void> {
  await ensureCsrfCookie();
  if (!cookie("csrftoken") || ctx.sourceElement.dataset.csrfRetried) return fail(text("failed"));
  ctx.sourceElement.dataset.csrfRetried = "true";
  window.setTimeout(() => delete ctx.sourceElement.dataset.csrfRetried, 5000);
  window.htmx.trigger(ctx.sourceElement, ctx.sourceEvent.type);
}

function fail(words: string): void {
  if (words) show({ text: words, tone: "red" });
}

function askToSignIn(): void {
  const dialog = byId<HTMLDialogElement>("signed-out");
  if (dialog) openDialog(dialog);
}

function refused(event: ErrorEvent): void {
  const { ctx } = event.detail;
  // A part that tells about its own errors (the builder's autosave) marks itself.
  if (!ctx?.response || ctx.sourceElement.closest("[data-own-errors]")) return;
  if (ctx.response.status === 401) return askToSignIn();
  if (isCsrfFailure(ctx)) return void retryWithFreshToken(ctx);
  const { status, headers } = ctx.response;
  const type = headers.get("Content-Type") ?? "";
  fail(wordsFor(status, type, ctx.text ?? "", headers.get("Retry-After") ?? ""));
}

function broken(event: ErrorEvent): void {
  const { ctx } = event.detail;
  if (!ctx || ctx.sourceElement.closest("[data-own-errors]")) return;
  fail(text(navigator.onLine ? "unreachable" : "offline"));
}

export function requests(): void {
  document.addEventListener("htmx:config:request", (event) => {
    const token = cookie("csrftoken");
    const { ctx } = (event as ErrorEvent).detail;
    if (token && ctx) ctx.request.headers["X-CSRFToken"] = token;
  });
  document.addEventListener("htmx:response:error", (event) => refused(event as ErrorEvent));
  document.addEventListener("htmx:error", (event) => broken(event as ErrorEvent));
  document.addEventListener("auth:required", askToSignIn);
}
