"""What was said with deployed assistants, what people thought of it, and who left their name."""

from conversations.happenings import Following, Happening
from conversations.models.conversation import Conversation
from conversations.models.handoff import Handoff, Handoffs
from conversations.models.lead import Lead
from conversations.models.message import UNANSWERED, Feedback, Message

__all__ = [
    "UNANSWERED",
    "Conversation",
    "Feedback",
    "Following",
    "Handoff",
    "Handoffs",
    "Happening",
    "Lead",
    "Message",
]
