"""A first sales conversation that answers before it asks."""

from django.utils.translation import gettext_lazy as _

from chatbots.starters.prompts import prompt
from drafts.template import Template

STARTER = Template(
    name="lead_qualification",
    label=_("Lead qualification"),
    description=_("Answers first questions about buying and finds out what sales must know."),
    icon="target",
    data={
        "name": "Sales assistant",
        "category": "sales",
        "description": "Talks to people who are interested and prepares the first sales call.",
        "system_prompt": prompt("lead_qualification"),
        "temperature": 0.6,
        "max_tokens": 600,
        "memory": {"enabled": True, "max_messages": 24, "max_tokens": 6000},
        "variables": [
            {"name": "company_name", "label": "Our company", "default": "our company"},
            {
                "name": "next_step",
                "label": "Next step to offer",
                "default": "a 20-minute call with our team",
            },
            {"name": "user_name", "label": "Name"},
            {"name": "user_email", "type": "email", "label": "Work e-mail"},
            {"name": "company", "label": "Company"},
            {
                "name": "team_size",
                "type": "select",
                "label": "Team size",
                "options": ["1 to 10", "11 to 50", "51 to 250", "More than 250"],
            },
        ],
        "appearance": {
            "title": "Talk to us",
            "welcome_message": "Hi there. What would you like to get done? I will tell you "
            "honestly whether we can help.",
            "suggested_prompts": [
                "What does it cost?",
                "Is it right for a team like mine?",
                "I would like to see a demo",
            ],
            "placeholder": "Ask anything about buying",
        },
        "lead_capture": {
            "enabled": True,
            "timing": "after_messages",
            "after_messages": 3,
            "title": "Shall we send you the details?",
            "consent_text": "We use this to answer your request and nothing else.",
            "required_fields": ["email"],
            "optional_fields": ["name", "company"],
        },
    },
)
