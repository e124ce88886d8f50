"""The six screens of the chatbot builder, and which fields of the document each of them owns."""

from django.utils.translation import gettext_lazy as _

from chatbots.forms.basic import BasicForm
from chatbots.forms.customize import CustomizeForm
from chatbots.forms.deploy import DeployForm
from chatbots.forms.instructions import InstructionsForm
from chatbots.forms.knowledge import KnowledgeForm
from chatbots.forms.variables import VariablesForm
from drafts.types import Step

STEPS = (
    Step(
        "basic",
        _("Basic"),
        ("name", "category", "visibility", "description"),
        BasicForm,
        icon="bot",
    ),
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
    Step(
        "variables",
        _("Variables"),
        ("variables",),
        VariablesForm,
        "chatbots/steps/variables.html",
        "braces",
    ),
    Step(
        "customize",
        _("Customize"),
        ("appearance", "features", "lead_capture"),
        CustomizeForm,
        "chatbots/steps/customize.html",
        "palette",
    ),
    Step(
        "deploy",
        _("Deploy"),
        ("deployment",),
        DeployForm,
        "chatbots/steps/deploy.html",
        "rocket",
    ),
)
