// The inbox: the list stays where it is when one of it is opened. There, Enter sends, what was looked for is shown, and
// who reads the end goes on reading the end.
import { byId } from "../app/page";

// So far from the end, in pixels, somebody still reads the end.
const NEAR = 80;

const said = (): HTMLElement => document.querySelector<HTMLElement>("[data-said]")!;
const hint = (): HTMLElement => document.querySelector<HTMLElement>("[data-newest]")!;
const left = ({ scrollHeight, scrollTop, clientHeight }: HTMLElement): number => scrollHeight - scrollTop - clientHeight;

function toEnd(): void {
  said().scrollTop = said().scrollHeight;
  hint().hidden = true;
}

// Of the messages alone: the page around them stays where it is.
function toMiddle(line: HTMLElement): void {
  const { top, height } = line.getBoundingClientRect();
  const box = said().getBoundingClientRect();
  said().scrollTop += top - box.top - (box.height - height) / 2;
}

const PLACE = "inbox-place";
const list = (): HTMLElement => byId("conversations")!;
const chosen = list().querySelector("[aria-current]");
if (chosen) {
  list().scrollTop = Number(sessionStorage.getItem(PLACE));
  chosen.scrollIntoView({ block: "nearest" });
}
window.addEventListener("pagehide", () => sessionStorage.setItem(PLACE, `${list().scrollTop}`));

document.addEventListener("keydown", (event) => {
  const box = event.target as HTMLTextAreaElement;
  // Enter ends a word that is being composed, and some browsers say so only by its number.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || !box.matches("[data-sends]")) return;
  event.preventDefault();
  if (box.value.trim() && !box.form!.classList.contains("htmx-request")) box.form!.requestSubmit();
});

// It is said where it is so: at a box that this hears of.
document.addEventListener("focusin", ({ target }) => {
  const box = (target as HTMLElement).closest<HTMLTextAreaElement>("[data-sends]");
  if (box) box.form!.querySelector<HTMLElement>("[data-says-keys]")!.hidden = false;
});

if (document.querySelector("[data-said]")) {
  const match = said().querySelector<HTMLElement>("[data-match]");
  let near = !match;
  const last = (): Element | undefined => [...said().querySelectorAll(".said")].at(-1);
  let newest = last();
  // Whether the end is not what was said last: what follows is there to be read, and not new.
  const isBehind = (): boolean => said().querySelector("[data-behind]") !== null;
  let behind = isBehind();
  said().addEventListener("scroll", () => {
    near = left(said()) < NEAR;
    if (near) hint().hidden = true;
  });
  hint().addEventListener("click", toEnd);
  // What one has just said oneself is what one wants to see.
  document.addEventListener("said", () => (near = true));
  new MutationObserver(() => {
    if (near && !behind) toEnd();
    else if (last() !== newest && !behind) hint().hidden = false;
    newest = last();
    behind = isBehind();
  }).observe(said(), { childList: true, subtree: true });
  new ResizeObserver(() => near && toEnd()).observe(byId("composer")!);
  if (match) toMiddle(match);
  else toEnd();
}
