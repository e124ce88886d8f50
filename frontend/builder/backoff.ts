// How long to wait before trying again: 0.5 s, doubling to 30 s, with jitter.

const FIRST = 500;
const LONGEST = 30_000;

/** Milliseconds before attempt number `failures` (1 is the first retry). */
export function delay(failures: number, random: () => number = Math.random): number {
  const most = Math.min(LONGEST, FIRST * 2 ** Math.max(0, failures - 1));
  return Math.round(most * (0.8 + 0.2 * random()));
}
