// Takes back a deletion. The builder's own undo brings back all of it, settings too, as long as
// nothing was changed since; after that only what was deleted is brought back, as far as it is known.

let edits = 0;
for (const type of ["input", "change"]) document.addEventListener(type, () => (edits += 1), true);

/** To be called right after the deletion: what takes it back, whenever that is. */
export function restoring(bringBack: () => void): () => void {
  const then = edits;
  return () => {
    const undo = document.querySelector<HTMLButtonElement>("[data-undo]");
    if (edits === then && undo && !undo.disabled) undo.click();
    else bringBack();
  };
}
