// Says what became of a draft that is not there any more.

/** Above the form: what was typed stays in sight. Whether there was something to say. */
export async function tellGone(url: string): Promise<boolean> {
  const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  const panel = document.getElementById("step-panel");
  if (!answer || ![404, 410].includes(answer.status) || !panel) return false;
  const place = document.createElement("div");
  place.innerHTML = await answer.text();
  // Not a word of the draft: the workspace itself is not there for whoever asks.
  if (!place.querySelector("[data-gone]")) {
    place.replaceChildren(document.querySelector<HTMLTemplateElement>("#no-member")!.content);
  }
  panel.before(place);
  place.scrollIntoView({ block: "nearest" });
  return true;
}
