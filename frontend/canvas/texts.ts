// The names of all that the canvas shows or says. The words are the page's, since there they are
// translated (`chatflows/canvas_texts.py`); a test holds the two against each other.
import { say, type Texts } from "../builder/texts";

export type TextName =
  | "canvas" | "canvas_keys" | "read_only" | "empty_title" | "empty_help" | "node" | "note"
  | "node_name" | "selected" | "problems_one" | "problems_other" | "to_fill_in" | "way_main" | "way_missing"
  | "run_running" | "run_ok" | "run_waiting" | "run_failed" | "run_handled" | "pinned" | "add_node"
  | "add_after" | "add_between" | "search_kinds" | "drag_hint" | "nothing_found" | "close"
  | "find" | "find_placeholder" | "connect_to" | "connect_way" | "connect_placeholder"
  | "connect_new" | "connections_of" | "connections_placeholder" | "connection"
  | "connection_way" | "change_target" | "tools" | "view" | "zoom_in" | "zoom_out" | "zoom_reset"
  | "fit" | "select_mode" | "pan_mode" | "minimap" | "tidy" | "keys" | "more" | "open_settings"
  | "add_after_short" | "connect_short" | "connections_short" | "insert_short"
  | "remove_connection" | "copy" | "cut" | "paste" | "duplicate" | "remove" | "select_all"
  | "undo" | "align" | "align_left" | "align_center" | "align_right" | "align_top"
  | "align_middle" | "align_bottom" | "distribute_x" | "distribute_y" | "selection"
  | "selected_other" | "selected_one" | "menu_of" | "menu_canvas" | "menu_connection" | "added"
  | "added_connected" | "connected" | "connection_removed" | "removed_one" | "removed_other"
  | "restored" | "copied_one" | "copied_other" | "pasted_one" | "pasted_other" | "pasted_left"
  | "pasted_start"
  | "paste_foreign" | "paste_keys" | "moved" | "moved_other" | "aligned" | "distributed"
  | "tidied" | "connecting" | "connecting_off" | "end_reached" | "refused_self" | "refused_input"
  | "refused_double" | "refused_taken" | "refused_cycle" | "cap_shift" | "cap_enter"
  | "cap_delete";
type Marks = Record<string, string | number>;

export interface Say {
  (name: TextName, marks?: Marks): string;
  /** The text for one or for others, with `{n}` filled in. */
  many(name: "problems" | "selected" | "removed" | "copied" | "pasted", n: number, marks?: Marks): string;
}

export function saying(texts: Texts): Say {
  const plain = (name: TextName, marks: Marks = {}): string => say(texts, name, marks);
  const many: Say["many"] = (name, n, marks = {}) => say(texts, `${name}_${n === 1 ? "one" : "other"}`, { ...marks, n });
  return Object.assign(plain, { many });
}
