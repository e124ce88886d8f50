"""Every word that the canvas shows or says. Marks in braces are filled in there; what depends on a
number has a text for one and one for others."""

from __future__ import annotations

from django.utils.translation import gettext as _


def canvas_texts() -> dict[str, str]:
    """By the names that ``frontend/canvas/texts.ts`` lists."""
    return {**_cards(), **_searching(), **_tools(), **_actions(), **_said(), **_keys()}


def _cards() -> dict[str, str]:
    return {
        "canvas": _("Workflow canvas"),
        "canvas_keys": _(
            "Arrow keys go from node to node, Enter opens settings, Shift+F10 opens the "
            "menu, question mark lists all keys."
        ),
        "read_only": _("You can look at this flow, but not change it."),
        "empty_title": _("No nodes yet"),
        "empty_help": _("Add the first one: what starts the flow."),
        "node": _("node"),
        "note": _("Note"),
        "node_name": _("{kind}: {label}"),
        "selected": _("selected"),
        "problems_one": _("1 problem"),
        "problems_other": _("{n} problems"),
        "to_fill_in": _("still to be filled in"),
        "way_main": _("Way on"),
        "way_missing": _("{label} (not there any more)"),
        "run_running": _("running"),
        "run_ok": _("done"),
        "run_waiting": _("waiting"),
        "run_failed": _("failed"),
        "run_handled": _("failed, handled"),
        "pinned": _("pinned"),
    }


def _searching() -> dict[str, str]:
    return {
        "add_node": _("Add node"),
        "add_after": _("Add a node after {label}"),
        "add_between": _("Insert a node between {source} and {target}"),
        "search_kinds": _("Search nodes to add"),
        "drag_hint": _("Click to add, or drag onto the canvas"),
        "nothing_found": _("Nothing found"),
        "close": _("Close"),
        "find": _("Find a node"),
        "find_placeholder": _("Search this flow"),
        "connect_to": _("Connect {label} to"),
        "connect_way": _("Connect which way on of {label}?"),
        "connect_placeholder": _("Search nodes"),
        "connect_new": _("New node"),
        "connections_of": _("Connections of {label}"),
        "connections_placeholder": _("Search connections"),
        "connection": _("{source} to {target}"),
        "connection_way": _("{source}, {way}, to {target}"),
        "change_target": _("Change where it leads"),
    }


def _tools() -> dict[str, str]:
    return {
        "tools": _("Canvas tools"),
        "view": _("View"),
        "zoom_in": _("Zoom in"),
        "zoom_out": _("Zoom out"),
        "zoom_reset": _("Zoom to 100 %"),
        "fit": _("Show the whole flow"),
        "select_mode": _("Select by dragging"),
        "pan_mode": _("Move around by dragging"),
        "minimap": _("Map of the flow"),
        "tidy": _("Tidy up"),
        "keys": _("Keyboard shortcuts"),
        "more": _("More"),
    }


def _actions() -> dict[str, str]:
    return {
        "open_settings": _("Open settings"),
        "add_after_short": _("Add a node after it"),
        "connect_short": _("Connect to…"),
        "connections_short": _("Connections…"),
        "insert_short": _("Insert a node"),
        "remove_connection": _("Remove connection"),
        "copy": _("Copy"),
        "cut": _("Cut"),
        "paste": _("Paste"),
        "duplicate": _("Duplicate"),
        "remove": _("Delete"),
        "select_all": _("Select all"),
        "undo": _("Undo"),
        "align": _("Align"),
        "align_left": _("Align left"),
        "align_center": _("Align centers"),
        "align_right": _("Align right"),
        "align_top": _("Align top"),
        "align_middle": _("Align middles"),
        "align_bottom": _("Align bottom"),
        "distribute_x": _("Distribute horizontally"),
        "distribute_y": _("Distribute vertically"),
        "selection": _("Selection"),
        "selected_other": _("{n} selected"),
        "selected_one": _("1 selected"),
        "menu_of": _("Actions for {label}"),
        "menu_canvas": _("Actions for the canvas"),
        "menu_connection": _("Actions for the connection"),
    }


def _said() -> dict[str, str]:
    return {
        "added": _("{label} added."),
        "added_connected": _("{label} added and connected."),
        "connected": _("{source} connected to {target}."),
        "connection_removed": _("Connection removed."),
        "removed_one": _("{label} deleted."),
        "removed_other": _("{n} nodes deleted."),
        "restored": _("Brought back."),
        "copied_one": _("1 node copied."),
        "copied_other": _("{n} nodes copied."),
        "pasted_one": _("1 node pasted."),
        "pasted_other": _("{n} nodes pasted."),
        "pasted_left": _("A flow has only one of some nodes; those were left out."),
        "pasted_start": _("The start was left out: a flow has one start of each kind."),
        "paste_foreign": _("There are no nodes on the clipboard."),
        "paste_keys": _("Your browser lets us paste only with Ctrl+V."),
        "moved": _("{label} moved."),
        "moved_other": _("{n} nodes moved."),
        "aligned": _("{n} nodes aligned."),
        "distributed": _("{n} nodes distributed."),
        "tidied": _("Flow tidied up."),
        "connecting": _("Choose where {label} leads: click a node, or press Esc."),
        "connecting_off": _("Not connected."),
        "end_reached": _("No node that way."),
        "refused_self": _("A node cannot lead to itself."),
        "refused_input": _("Nothing can lead into that node."),
        "refused_double": _("These two are connected already."),
        "refused_taken": _("That way on leads somewhere already. Remove its connection first."),
        "refused_cycle": _(
            "That would make a circle. Only what a loop repeats may lead back to it."
        ),
    }


def _keys() -> dict[str, str]:
    return {
        "cap_shift": _("Shift"),
        "cap_enter": _("Enter"),
        "cap_delete": _("Del"),
    }
