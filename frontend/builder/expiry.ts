// Says when the draft expires, and renews it while the builder is open and used.
import { left } from "./ago";
import { csrf, type Config } from "./config";
import { say } from "./texts";

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
    const headers = { "X-CSRFToken": csrf(), Accept: "application/json" };
    const answer = await fetch(config.urls.touch, { method: "POST", headers }).catch(() => null);
    if (answer?.ok && !answer.redirected) {
      config.expires_at = ((await answer.json()) as { expires_at: number }).expires_at;
      paint();
    }
  };
  paint();
  setInterval(paint, 30_000);
  setInterval(() => void renew(), 60_000);
}
