// The buttons over the canvas: what is added and found above, how it is looked at below.
import { memo, useLayoutEffect } from "react";
import { useStore } from "@xyflow/react";
import { duplicate } from "./copying";
import { Icon, IconButton } from "./icon";
import { useIsland } from "./island";
import { openKeys } from "./keys";
import { fit, motion } from "./looking";
import { tidy } from "./placing";
import { remove } from "./removing";

export type Mode = "pan" | "select";

const below = (event: React.MouseEvent): { x: number; y: number } => {
  const { left, bottom } = event.currentTarget.getBoundingClientRect();
  return { x: left, y: bottom + 4 };
};

const above = (event: React.MouseEvent): { x: number; y: number } => {
  const { left, top } = event.currentTarget.getBoundingClientRect();
  return { x: left, y: top - 8 };
};

export const Tools = memo(function Tools({ editable }: { editable: boolean }) {
  const { editor, say } = useIsland();
  return (
    <div className="canvas-tools" role="group" aria-label={say("tools")}>
      {editable ? (
        <button type="button" className="button" data-size="small" onClick={() => editor.open({ kind: "palette", joint: { way: "alone" }, place: null, at: null })}>
          <Icon name="plus" />
          {say("add_node")}
        </button>
      ) : (
        <span className="badge">{say("read_only")}</span>
      )}
      <div className="canvas-bar">
        <IconButton icon="search" label={say("find")} onClick={() => editor.open({ kind: "find" })} />
        {editable && <IconButton icon="wand-sparkles" label={say("tidy")} onClick={() => tidy(editor)} />}
        <IconButton icon="keyboard" label={say("keys")} onClick={() => openKeys()} />
        <IconButton icon="ellipsis" label={say("more")} haspopup="menu" onClick={(event) => editor.open({ kind: "menu", at: below(event), node: null, edge: null })} />
      </div>
    </div>
  );
});

export const ViewTools = memo(function ViewTools({ mode, setMode }: { mode: Mode; setMode: (mode: Mode) => void }) {
  const { editor, say } = useIsland();
  const percent = useStore((state) => Math.round(state.transform[2] * 100));
  const duration = motion();
  // What floats over a card is as large at any zoom.
  useLayoutEffect(() => editor.root.style.setProperty("--zoom", `${percent / 100}`), [editor, percent]);
  return (
    <div className="canvas-bar canvas-view" role="group" aria-label={say("view")}>
      <IconButton icon="hand" label={say("pan_mode")} pressed={mode === "pan"} onClick={() => setMode("pan")} />
      <IconButton icon="mouse-pointer-click" label={say("select_mode")} pressed={mode === "select"} onClick={() => setMode("select")} />
      <hr aria-hidden="true" />
      <IconButton icon="minus" label={say("zoom_out")} onClick={() => void editor.flow.zoomOut({ duration })} />
      <button type="button" className="canvas-percent" title={say("zoom_reset")} aria-label={`${percent} %, ${say("zoom_reset")}`} onClick={() => void editor.flow.zoomTo(1, { duration })}>
        {percent} %
      </button>
      <IconButton icon="plus" label={say("zoom_in")} onClick={() => void editor.flow.zoomIn({ duration })} />
      <IconButton icon="maximize-2" label={say("fit")} onClick={() => fit(editor)} />
    </div>
  );
});

/** What can be done with the selected nodes. Of one it is in its menu, which fingers do not find. */
export function SelectionTools({ count }: { count: number }) {
  const { editor, say } = useIsland();
  const menu = (event: React.MouseEvent): void => editor.open({ kind: "menu", at: above(event), node: editor.selected()[0] ?? null, edge: null });
  return (
    <div className="canvas-bar canvas-selection" data-count={count} role="group" aria-label={say("selection")}>
      <span>{say.many("selected", count)}</span>
      {count > 1 ? (
        <button type="button" className="button" data-variant="ghost" data-size="small" aria-haspopup="menu" onClick={(event) => editor.open({ kind: "arrange", at: above(event) })}>
          {say("align")}
          <Icon name="chevron-down" />
        </button>
      ) : (
        <IconButton icon="ellipsis" label={say("more")} haspopup="menu" onClick={menu} />
      )}
      <IconButton icon="layers" label={say("duplicate")} onClick={() => duplicate(editor)} />
      <IconButton icon="trash-2" label={say("remove")} onClick={() => remove(editor, editor.selected())} />
    </div>
  );
}

export function Empty() {
  const { editor, say } = useIsland();
  return (
    <div className="canvas-empty">
      <p>
        <strong>{say("empty_title")}</strong>
      </p>
      {editor.editable && <p className="help">{say("empty_help")}</p>}
    </div>
  );
}
