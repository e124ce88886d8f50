"""From signing up to the first success, one step per message."""

from django.utils.translation import gettext_lazy as _

from chatbots.starters.prompts import prompt
from drafts.template import Template

STARTER = Template(
    name="onboarding",
    label=_("Onboarding"),
    description=_("Guides new users to their first success, one checked step at a time."),
    icon="rocket",
    data={
        "name": "Onboarding guide",
        "category": "onboarding",
        "description": "Guides new users step by step to their first success.",
        "system_prompt": prompt("onboarding"),
        "temperature": 0.5,
        "max_tokens": 600,
        "memory": {"enabled": True, "max_messages": 30, "max_tokens": 6000},
        "variables": [
            {"name": "product_name", "label": "Product", "default": "our product"},
            {"name": "help_contact", "label": "Where to get help", "default": "the help centre"},
            {"name": "user_name", "label": "Your name", "collect_before_chat": True},
            {
                "name": "role",
                "type": "select",
                "label": "What describes you best?",
                "options": ["I use it myself", "I manage a team", "I set it up", "I develop"],
                "collect_before_chat": True,
            },
            {"name": "goal", "label": "What would you like to do first?"},
        ],
        "appearance": {
            "title": "Getting started",
            "welcome_message": "Welcome. In a few minutes we will have your first result. What "
            "would you like to get done first?",
            "suggested_prompts": [
                "Show me the quickest way to start",
                "I want to invite my team",
                "What should I set up first?",
            ],
            "placeholder": "Tell me what you see",
        },
    },
)
