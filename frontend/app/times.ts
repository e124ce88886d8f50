// <time datetime data-relative>: "3 minutes ago", kept true; the full time is in its title
// unless the title already says more.
const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

export function relative(
  at: Date,
  now: Date,
  language: string,
  style: Intl.RelativeTimeFormatStyle = "long",
): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto", style });
  if (Math.abs(seconds) < 10) return format.format(0, "second");
  // What was just given 24 hours does not have 23 of them: what is to come is told to the nearest.
  const coming = seconds > 0;
  const fits = (each: number): boolean => (coming ? seconds / each > 1 : -seconds >= each);
  const [unit, size] = UNITS.find(([, each]) => fits(each)) ?? UNITS[5]!;
  return format.format(coming ? Math.round(seconds / size) : Math.trunc(seconds / size), unit);
}

export const pageLanguage = (): string => document.documentElement.lang || "en";

export function refresh(root: ParentNode, now: Date = new Date()): void {
  const language = pageLanguage();
  for (const time of root.querySelectorAll<HTMLTimeElement>("time[data-relative]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime())) continue;
    time.title ||= at.toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
    const words = relative(at, now, language);
    if (time.textContent !== words) time.textContent = words;
  }
}

export function times(): void {
  window.setInterval(() => refresh(document), 20_000);
}
