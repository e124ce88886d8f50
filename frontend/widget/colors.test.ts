import { expect, it } from "vitest";
import { readable } from "./colors";

const BUBBLES = { light: "#f1f5f9", dark: "#1e293b" };

function parts(color: string): number[] {
  if (color.startsWith("rgb")) return color.slice(4, -1).split(",").map(Number);
  const hex = color.length === 4 ? color.replace(/[^#]/g, "$&$&") : color;
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

/** The ratio as WCAG defines it, with the exact curve. */
function contrast(one: string, other: string): number {
  const [low, high] = [one, other]
    .map((color) =>
      parts(color).reduce((sum, part, at) => {
        const c = part / 255;
        return sum + [0.2126, 0.7152, 0.0722][at]! * (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
      }, 0),
    )
    .sort((a, b) => a - b) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

it("is readable whatever the colour", () => {
  const steps = [0, 17, 34, 51, 68, 85, 102, 119, 136, 153, 170, 187, 204, 221, 238, 255];
  for (const r of steps)
    for (const g of steps)
      for (const b of steps) {
        const color = `#${[r, g, b].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
        const { on, light, dark } = readable(color);
        expect(contrast(on, color), `${on} on ${color}`).toBeGreaterThanOrEqual(4.5);
        expect(contrast(light, BUBBLES.light), `${color} as a link`).toBeGreaterThanOrEqual(4.5);
        expect(contrast(dark, BUBBLES.dark), `${color} as a link in the dark`).toBeGreaterThanOrEqual(4.5);
      }
});

it("leaves a colour as it is where it can be read", () => {
  expect(readable("#4f46e5").light).toBe("rgb(79,70,229)");
  expect(readable("#c7d2fe").dark).toBe("rgb(199,210,254)");
});
