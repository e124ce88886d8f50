// Where the caret of a box is on the page: the text before it is laid out in a hidden twin.

const COPIED = [
  "boxSizing", "width", "borderTopWidth", "borderRightWidth", "borderBottomWidth", "borderLeftWidth",
  "paddingTop", "paddingRight", "paddingBottom", "paddingLeft", "fontFamily", "fontSize", "fontWeight",
  "fontStyle", "letterSpacing", "lineHeight", "textIndent", "textTransform", "wordSpacing", "tabSize",
  "direction", "textAlign",
] as const;

export interface Place {
  left: number;
  top: number;
  height: number;
}

/** Coordinates in the viewport of the character at `index`. */
export function placeOf(box: HTMLTextAreaElement | HTMLInputElement, index: number): Place {
  const twin = document.createElement("div");
  const style = getComputedStyle(box);
  for (const name of COPIED) twin.style[name] = style[name];
  Object.assign(twin.style, {
    position: "fixed", visibility: "hidden", whiteSpace: box instanceof HTMLInputElement ? "pre" : "pre-wrap", overflowWrap: "break-word",
    inset: "0 auto auto 0", borderStyle: "solid",
  });
  const mark = document.createElement("span");
  mark.textContent = box.value.slice(index) || ".";
  twin.append(document.createTextNode(box.value.slice(0, index)), mark);
  document.body.append(twin);
  const [inTwin, twinBox, here] = [mark.getClientRects()[0], twin.getBoundingClientRect(), box.getBoundingClientRect()];
  twin.remove();
  const height = Number.parseFloat(style.lineHeight) || 20;
  return {
    left: here.left + (inTwin?.left ?? 0) - twinBox.left - box.scrollLeft,
    top: here.top + (inTwin?.top ?? 0) - twinBox.top - box.scrollTop,
    height,
  };
}
