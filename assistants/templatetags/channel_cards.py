"""What the templates of the last step look up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

from assistants import channel_cards as found
from assistants.draft_type import AssistantDraft
from channels_deploy.forms import ChannelsForm

if TYPE_CHECKING:
    from assistants.channel_cards import StandingCard
    from drafts.builder.frame import Frame

register = template.Library()


@register.simple_tag
def channel_cards(frame: Frame, form: Any = None, focus: str = "") -> list[StandingCard]:
    """The cards of the step that ``frame`` is around; ``form`` is the one on the page, which may
    hold what was typed and not kept."""
    opened = frame.opened
    shown = form or opened.form(frame.current, below=())
    assert isinstance(opened.draft_type, AssistantDraft)
    assert isinstance(shown, ChannelsForm)
    return found.cards(shown, opened.draft_type, opened.draft, errors=frame.errors, focus=focus)
