// Pairs of controls that show one value, and boxes that grow where CSS alone cannot do it.
import { on } from "./page";

function fill(range: HTMLInputElement): void {
  const [low, high, at] = [Number(range.min), Number(range.max), Number(range.value)];
  range.style.setProperty("--filled", String(((at - low) / (high - low || 1)) * 100));
}

const part = <T extends HTMLElement>(inside: HTMLElement, selector: string): T | null =>
  inside.querySelector<T>(selector);

function tell(input: HTMLInputElement | null, value: string, type: string): void {
  if (!input || input.value === value) return;
  input.value = value;
  input.dispatchEvent(new Event(type, { bubbles: true }));
}

/** By the person, or by the page: what was undone, restored, or changed elsewhere. */
function whenWritten(selector: string, run: Parameters<typeof on>[2]): void {
  for (const type of ["input", "builder:written"]) on(type, selector, run);
}

function sliders(): void {
  whenWritten("[data-slider]", (slider, event) => {
    const range = part<HTMLInputElement>(slider, "[data-slider-range]");
    const number = part<HTMLInputElement>(slider, "input[type=number]");
    if (!range || !number) return;
    if (event.target === range) tell(number, range.value, "input");
    else if (number.value !== "") range.value = number.value;
    fill(range);
  });
}

function colors(): void {
  whenWritten("[data-color-field]", (field, event) => {
    const picker = part<HTMLInputElement>(field, "[data-color-picker]");
    const words = part<HTMLInputElement>(field, "input[type=text]");
    if (!picker || !words) return;
    if (event.target === picker) tell(words, picker.value.toUpperCase(), "input");
    else if (/^#[0-9a-f]{6}$/i.test(words.value)) picker.value = words.value;
  });
}

function grow(box: HTMLElement): void {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + 2}px`;
}

/** What a swap or the first load brought: sliders show their value, boxes their whole text. */
export function dress(root: ParentNode): void {
  root.querySelectorAll<HTMLInputElement>("[data-slider-range]").forEach(fill);
  if (!CSS.supports("field-sizing: content")) root.querySelectorAll("textarea").forEach(grow);
}

export function controls(): void {
  sliders();
  colors();
  if (!CSS.supports("field-sizing: content")) on("input", "textarea", grow);
}
