"""The screens of the chatflow builder, and which fields of the document each of them owns."""

from django.utils.translation import gettext_lazy as _

from assistants.steps import BASIC, DEPLOY, VARIABLES
from chatflows.forms.cases import CasesForm
from chatflows.forms.settings import SettingsForm
from chatflows.forms.workflow import WorkflowForm
from drafts.step import Step

STEPS = (
    BASIC,
    Step(
        "workflow",
        _("Workflow"),
        ("nodes", "edges"),
        WorkflowForm,
        "chatflows/steps/workflow.html",
        "workflow",
        answered="chatflows/steps/canvas_state.html",
        wide=True,
        listed_in="list",
    ),
    VARIABLES,
    Step(
        "settings",
        _("Settings"),
        ("settings", "appearance", "features", "lead_capture"),
        SettingsForm,
        "assistants/steps/customize.html",
        "sliders-horizontal",
    ),
    Step(
        "tests",
        _("Test cases"),
        ("test_cases",),
        CasesForm,
        "chatflows/steps/cases.html",
        "list-checks",
        above="chatflows/steps/case_results.html",
    ),
    DEPLOY,
)
