// Says when the draft expires, and renews it while the builder is open and used.
import { csrfToken } from "../app/cookies";
import type { Config } from "../builder/config";
import type { DraftState } from "../builder/outcome";
import { say, type Texts } from "../builder/texts";

const RENEW = 10 * 60_000;
const SOON = 2 * 3600_000;

export function watchExpiry(config: Config): void {
  let renewed = Date.now();
  const paint = (): void => {
    const rest = config.expires_at - Date.now();
    for (const element of document.querySelectorAll<HTMLElement>("[data-expiry]")) {
      element.textContent = say(config.texts, "expires_in", { time: left(config.texts, rest) });
      element.toggleAttribute("data-soon", rest < SOON);
    }
  };
  const renew = async (): Promise<void> => {
    if (!config.editable || document.hidden || Date.now() - renewed < RENEW) return;
    renewed = Date.now();
    const headers = { "X-CSRFToken": csrfToken(), Accept: "application/json" };
    const answer = await fetch(config.urls.touch, { method: "POST", headers }).catch(() => null);
    if (answer?.ok && !answer.redirected) {
      config.expires_at = ((await answer.json()) as { expires_at: number }).expires_at;
      paint();
    }
  };
  document.addEventListener("draft:saved", (event) => (config.expires_at = (event as CustomEvent<DraftState>).detail.expires_at));
  paint();
  setInterval(paint, 30_000);
  setInterval(() => void renew(), 60_000);
}

/** "24 h", "12 min": how much of `ms` is left, to the nearest. */
export function left(texts: Texts, ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes <= 60) return say(texts, "minutes_left", { n: minutes });
  return say(texts, "hours_left", { n: Math.round(minutes / 60) });
}
