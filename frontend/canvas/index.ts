// The canvas of a workflow: draws the flow and hands on its changes. Settings are the server's forms.
// The script may come again with the step; only its first run listens.
import { json } from "../builder/config";
import { mount } from "./mount";
import type { CanvasData } from "./types";

const PLACE = "[data-canvas]";
const mounted = new Map<HTMLElement, () => void>();
/** What the canvas was drawn from, or led by: it comes anew with the step. */
let known: HTMLElement | null = null;

function look(): void {
  for (const [place, leave] of mounted) {
    if (place.isConnected) continue;
    mounted.delete(place);
    leave();
  }
  const told = document.getElementById("canvas-data");
  if (told === known) return;
  known = told;
  const data = json<CanvasData>("canvas-data");
  if (!data) return;
  for (const place of document.querySelectorAll<HTMLElement>(PLACE)) {
    if (!mounted.has(place)) mounted.set(place, mount(place, data));
    else if (data.focus) document.dispatchEvent(new CustomEvent("canvas:focus", { detail: { id: data.focus } }));
  }
}

const page = document.documentElement;
if (page.dataset["canvasScript"] === undefined) {
  page.dataset["canvasScript"] = "";
  for (const name of ["htmx:after:swap", "canvas:load"]) document.addEventListener(name, look);
}
document.dispatchEvent(new Event("canvas:load"));
