// How long something took, as it is read: 80 ms, 1.2 s, 1.5 min. The signs are those of every language.
import { pageLanguage } from "./times";

export function duration(ms: number, language = pageLanguage()): string {
  const [value, unit, digits] = ms < 1000 ? ([ms, "ms", 0] as const) : ms < 60_000 ? ([ms / 1000, "s", 1] as const) : ([ms / 60_000, "min", 1] as const);
  return `${value.toLocaleString(language, { maximumFractionDigits: digits })} ${unit}`;
}
