// Colours a person can read, whatever brand colour was chosen (WCAG 2.2: 4.5 to 1 for text).

type Rgb = readonly number[];

// An enum, since its members cost the bundle nothing.
const enum Luminance {
  /** With white text up to here and black text above it, every colour is readable. */
  Halfway = 0.183,
  /** Dark enough for a link on a bubble of the light theme. */
  Dark = 0.162,
  /** Light enough for a link on a bubble of the dark theme. */
  Light = 0.276,
}

const parts = (hex: string): Rgb => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

/** How much light a colour sends out, from 0 to 1. */
export const luminance = (rgb: Rgb): number =>
  rgb.reduce((sum, part, at) => {
    const share = part / 255;
    return sum + [0.2126, 0.7152, 0.0722][at]! * (share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4);
  }, 0);

function towards(rgb: Rgb, goal: number, enough: (luminance: number) => boolean): string {
  while (!enough(luminance(rgb))) rgb = rgb.map((part) => part + (goal - part) / 10);
  return `rgb(${rgb})`;
}

/** For `#rrggbb`: black or white, whichever can be read on it, and the colour itself, made darker
 * and lighter until it can be read on the bubbles of the light and of the dark theme. */
export function readable(hex: string): { on: string; light: string; dark: string } {
  const rgb = parts(hex);
  return {
    on: luminance(rgb) > Luminance.Halfway ? "#000" : "#fff",
    light: towards(rgb, 0, (found) => found <= Luminance.Dark),
    dark: towards(rgb, 255, (found) => found >= Luminance.Light),
  };
}
