"""The six screens of the chatbot builder, and which fields of the document each of them owns."""

from django.utils.translation import gettext_lazy as _

from assistants.steps import BASIC, CUSTOMIZE, DEPLOY, VARIABLES
from chatbots.forms.instructions import InstructionsForm
from chatbots.forms.knowledge import KnowledgeForm
from drafts.step import Step

STEPS = (
    BASIC,
    Step(
        "knowledge",
        _("Knowledge"),
        ("knowledge_bases", "no_answer"),
        KnowledgeForm,
        "chatbots/steps/knowledge.html",
        "book-open",
    ),
    Step(
        "instructions",
        _("Instructions"),
        (
            "provider",
            "credential_id",
            "model",
            "system_prompt",
            "temperature",
            "max_tokens",
            "memory",
        ),
        InstructionsForm,
        "chatbots/steps/instructions.html",
        "message-square-text",
    ),
    VARIABLES,
    CUSTOMIZE,
    DEPLOY,
)
