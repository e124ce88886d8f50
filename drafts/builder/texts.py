"""The words that the page's script says. Marks in braces are filled in there."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def texts() -> dict[str, str]:
    return {
        "saved": _("Saved {when}"),
        "saved_problems": _("Saved {when} · {n} to fix"),
        "minutes_left": _("{n} min"),
        "hours_left": _("{n} h"),
        "unsaved": _("Unsaved changes"),
        "saving": _("Saving…"),
        "offline": _("Offline, kept in this browser"),
        "retrying": _("Not saved, retrying in {n} s"),
        "retrying_now": _("Not saved, retrying…"),
        "conflict": _("Changed elsewhere"),
        "refused_one": _("1 field is not saved"),
        "refused_many": _("{n} fields are not saved"),
        "expired": _("No longer editable"),
        "signed_out": _("Signed out, not saved"),
        "forbidden": _("Not allowed, not saved"),
        "locked": _("Being deployed, saving waits"),
        "too_large": _("This is too large to save. Shorten it."),
        "changed_by": _("Changed by {who}"),
        "expires_in": _("Draft expires in {time}"),
        "save_first": _("Not everything is saved yet. Deploy when the bar says saved."),
        "not_accepted": _("The server did not accept that. Nothing was changed."),
        "not_done_network": _("That did not reach the server. Try again in a moment."),
        "not_done_server": _("The server could not do that. Try again in a moment."),
        "not_done_busy": _("Too much at once. Try again in {n} s."),
        "not_done_conflict": _("Decide first which value to keep. Nothing else was changed."),
        "not_done_expired": _("This draft can no longer be changed."),
        "not_done_signed_out": _("You are signed out. Nothing was changed."),
        "not_done_locked": _("This draft is being deployed. Wait until that has ended."),
        "not_done_forbidden": _("Your role does not allow that. Nothing was changed."),
        "variables": _("Variables"),
        "variable_found": ngettext("{n} variable", "{n} variables", 1),
        "variables_found": ngettext("{n} variable", "{n} variables", 2),
        "create_variable": _("Create variable “{name}”"),
        "name_variable": _("Type a name to create a variable"),
    }
