// Colours a person can read, whatever brand colour was chosen (WCAG 2.2: 4.5 to 1 for text).

type Rgb = readonly number[];

// An enum, since its members cost the bundle nothing. Each bound leaves room for the plain power
// that stands in for the exact curve of sRGB, from which it differs by less than 0.004.
const enum Luminance {
  /** With white text up to here and black text above it, every colour is readable. */
  Halfway = 0.179,
  /** Dark enough for a link on a bubble of the light theme. */
  Dark = 0.157,
  /** Light enough for a link on a bubble of the dark theme. */
  Light = 0.281,
}

const luminance = ([r, g, b]: Rgb): number => {
  const light = (part: number): number => (part / 255) ** 2.2;
  return 0.2126 * light(r!) + 0.7152 * light(g!) + 0.0722 * light(b!);
};

function towards(rgb: Rgb, goal: number, enough: (luminance: number) => boolean): string {
  while (!enough(luminance(rgb))) rgb = rgb.map((part) => part + (goal - part) / 10);
  return `rgb(${rgb})`;
}

/** For `#rrggbb`: black or white, whichever can be read on it, and the colour itself, made darker
 * and lighter until it can be read on the bubbles of the light and of the dark theme. */
export function readable(hex: string): { on: string; light: string; dark: string } {
  const rgb = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return {
    on: luminance(rgb) > Luminance.Halfway ? "#000" : "#fff",
    light: towards(rgb, 0, (found) => found <= Luminance.Dark),
    dark: towards(rgb, 255, (found) => found >= Luminance.Light),
  };
}
