// Stands in for d3-color in the built script: d3 can fade from one colour to another, which nothing
// here asks for, and which would be 4 KB of the step's budget.
export const color = (): null => null;
export const rgb = color;
export const hsl = color;
export const lab = color;
export const hcl = color;
export const cubehelix = color;
