"""The screens that the builders of all kinds share, and the fields of the document they own."""

from django.utils.translation import gettext_lazy as _

from assistants.forms.basic import BasicForm
from assistants.forms.customize import CustomizeForm
from assistants.forms.deploy import DeployForm
from assistants.forms.variables import VariablesForm
from drafts.step import Step

BASIC = Step(
    "basic",
    _("Basic"),
    ("name", "category", "visibility", "description"),
    BasicForm,
    icon="bot",
)
VARIABLES = Step(
    "variables",
    _("Variables"),
    ("variables",),
    VariablesForm,
    "assistants/steps/variables.html",
    "braces",
)
CUSTOMIZE = Step(
    "customize",
    _("Customize"),
    ("appearance", "features", "lead_capture"),
    CustomizeForm,
    "assistants/steps/customize.html",
    "palette",
)
DEPLOY = Step(
    "deploy",
    _("Deploy"),
    ("deployment",),
    DeployForm,
    "assistants/steps/deploy.html",
    "rocket",
    answered="assistants/steps/deploy_answered.html",
)
