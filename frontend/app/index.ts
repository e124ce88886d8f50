// The behaviour that every page shares. Everything here is an addition: pages work without it.
import { confirms } from "./confirm";
import { controls, dress } from "./controls";
import { copying } from "./copying";
import { credentials } from "./credentials";
import { dialogs } from "./dialogs";
import { focusWhatMatters, leading } from "./focus";
import { dressLists, listEditors } from "./list_editor";
import { menus } from "./menus";
import { onContent } from "./page";
import { palette } from "./palette";
import { panels } from "./panels";
import { requests } from "./requests";
import { shortcuts } from "./shortcuts";
import { dressTables, tables } from "./tables";
import { themes } from "./theme";
import { refresh, times } from "./times";
import { toasts } from "./toasts";
import { typed } from "./typed";

for (const start of [
  requests,
  themes,
  dialogs,
  confirms,
  toasts,
  menus,
  tables,
  controls,
  listEditors,
  copying,
  credentials,
  times,
  palette,
  shortcuts,
  panels,
  leading,
  typed,
]) {
  start();
}

for (const dresser of [dress, dressLists, dressTables, focusWhatMatters, refresh]) onContent((root) => dresser(root));
