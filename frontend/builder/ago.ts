// Times as people say them.
import { say, type Texts } from "./texts";

/** "just now", "3 s ago", "2 min ago", "5 h ago". */
export function ago(texts: Texts, ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 2) return say(texts, "just_now");
  if (seconds < 60) return say(texts, "seconds_ago", { n: seconds });
  if (seconds < 3600) return say(texts, "minutes_ago", { n: Math.floor(seconds / 60) });
  return say(texts, "hours_ago", { n: Math.floor(seconds / 3600) });
}

/** "23 h", "12 min": how much of `ms` is left. */
export function left(texts: Texts, ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 60) return say(texts, "minutes_left", { n: minutes });
  return say(texts, "hours_left", { n: Math.floor(minutes / 60) });
}
