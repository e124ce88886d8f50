// Which node an arrow key leads to: along the edges to the left and right, else to the nearest that way.
import type { Box } from "./arrange";
import { backEdges, incoming, outgoing } from "./graph";
import type { Graph } from "./types";

export type Way = "ArrowLeft" | "ArrowRight" | "ArrowUp" | "ArrowDown";

export const isWay = (key: string): key is Way => /^Arrow(Left|Right|Up|Down)$/.test(key);

export const STEPS: Record<Way, [x: number, y: number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function neighbour(graph: Graph, boxes: ReadonlyMap<string, Box>, id: string, way: Way): string | null {
  const here = boxes.get(id);
  if (!here) return null;
  return nearest(here, along(graph, id, way), boxes) ?? nearest(here, [...boxes.keys()], boxes, way);
}

function along(graph: Graph, id: string, way: Way): string[] {
  const back = backEdges(graph);
  const edges = way === "ArrowRight" ? outgoing(graph, id) : way === "ArrowLeft" ? incoming(graph, id) : [];
  const going = edges.filter((edge) => !back.has(edge.id));
  return going.map((edge) => (way === "ArrowRight" ? edge.target : edge.source));
}

const middle = (box: Box): [number, number] => [box.x + box.width / 2, box.y + box.height / 2];

/** The nearest of `ids`, maybe that way. What is a little aside counts as farther away than what is straight ahead. */
export function nearest(here: Box, ids: string[], boxes: ReadonlyMap<string, Box>, way?: Way): string | null {
  const [x, y] = middle(here);
  let best: string | null = null;
  let least = Infinity;
  for (const id of ids) {
    const box = boxes.get(id);
    if (!box || id === here.id) continue;
    const [dx, dy] = [middle(box)[0] - x, middle(box)[1] - y];
    const [ahead, aside] = way ? split(STEPS[way], dx, dy) : [Math.abs(dx), Math.abs(dy)];
    if (way && ahead <= 0) continue;
    const distance = ahead + 2 * aside;
    if (distance < least) [best, least] = [id, distance];
  }
  return best;
}

const split = ([x, y]: [number, number], dx: number, dy: number): [ahead: number, aside: number] =>
  x ? [dx * x, Math.abs(dy)] : [dy * y, Math.abs(dx)];
