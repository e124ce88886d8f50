import { PATIENCE } from "./patience";

export function cookie(name: string): string {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

/** Keep `value` for a year; an empty value forgets the cookie. */
export function keepCookie(name: string, value: string): void {
  const age = value ? 31_536_000 : 0;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${encodeURIComponent(value)}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
}

/** The CSRF token as it is now: signing in again in another tab changes the cookie. */
export function csrfToken(): string {
  return cookie("csrftoken") || (document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "");
}

/** Get a token when the browser has forgotten its cookies; any page of ours brings one. */
export async function ensureCsrfCookie(): Promise<void> {
  if (!cookie("csrftoken")) await fetch(location.href, { signal: AbortSignal.timeout(PATIENCE) }).catch(() => undefined);
}
