// Colours a person can read, whatever brand colour was chosen (WCAG 2.2: 4.5 to 1 for text).

type Rgb = [number, number, number];
const ENOUGH = 4.5;

const rgb = (hex: string): Rgb => {
  const n = parseInt(hex.slice(1), 16);
  return [(n >> 16) & 255, (n >> 8) & 255, n & 255];
};

const hex = (color: Rgb): string =>
  `#${color.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;

function luminance(color: Rgb): number {
  const [r, g, b] = color.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as Rgb;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(one: Rgb, other: Rgb): number {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** How far apart two colours are, from 1 to 21. */
export const contrast = (one: string, other: string): number => ratio(rgb(one), rgb(other));

/** Black or white: the one that can be read on `color`. */
export const textOn = (color: string): string =>
  contrast("#ffffff", color) >= ENOUGH ? "#ffffff" : "#000000";

/** `color`, moved towards black or white until it can be read on `ground`. */
export function legible(color: string, ground: string): string {
  const goal = luminance(rgb(ground)) > 0.18 ? 0 : 255;
  let found = rgb(color);
  while (ratio(found, rgb(ground)) < ENOUGH) {
    found = found.map((part) => Math.round(part + (goal - part) * 0.1 + Math.sign(goal - part) * 0.5)) as Rgb;
  }
  return hex(found);
}

/** `color` if it is one of the six-digit kind, else `fallback`. */
export const valid = (color: string | undefined, fallback: string): string =>
  /^#[0-9a-f]{6}$/i.test(color ?? "") ? (color as string) : fallback;
