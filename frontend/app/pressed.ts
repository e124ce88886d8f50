// What moves below a pointer between press and release takes its click away: what changes the page by itself waits.

const LOOK_EVERY = 20;
// A release that the page never heard of, beyond its window or over a menu, holds nothing up for ever.
const LONGEST = 3000;

let since = 0;
addEventListener("pointerdown", () => (since = Date.now()), true);
for (const kind of ["pointerup", "pointercancel"]) addEventListener(kind, () => (since = 0), true);

/** Resolves once nothing is pressed and the click is through; in no case while an event is being handled. */
export async function released(): Promise<void> {
  do await new Promise((look) => setTimeout(look, LOOK_EVERY));
  while (Date.now() - since < LONGEST);
}
