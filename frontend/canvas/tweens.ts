// Stands in for d3-interpolate and d3-color in the built script. Of all that d3 can fade from one state to
// another only the view moves here, and it goes straight: one that is only shifted keeps its zoom all the
// way. The rest would be 6 KB of the step's budget.
type View = [x: number, y: number, width: number];

export const interpolateZoom = (from: View, to: View) => (part: number): number[] => from.map((each, at) => each + (to[at]! - each) * part);
export const interpolate = interpolateZoom;
export const interpolateNumber = interpolateZoom;
export const interpolateRgb = interpolateZoom;
export const interpolateString = interpolateZoom;
export const interpolateTransformCss = interpolateZoom;
export const interpolateTransformSvg = interpolateZoom;
export const color = (): null => null;
