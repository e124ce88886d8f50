"""A website's first line of support: short steps, and a hand-over that loses nothing."""

from django.utils.translation import gettext_lazy as _

from chatbots.starters.prompts import prompt
from drafts.template import Template

STARTER = Template(
    name="support",
    label=_("Customer support"),
    description=_("Solves problems step by step and knows when to hand over to your team."),
    icon="headset",
    data={
        "name": "Support assistant",
        "category": "customer_support",
        "description": "Answers customers' questions and hands over to the team when needed.",
        "system_prompt": prompt("support"),
        "temperature": 0.3,
        "max_tokens": 800,
        "memory": {"enabled": True, "max_messages": 16, "max_tokens": 4000},
        "variables": [
            {"name": "company_name", "label": "Company", "default": "our company"},
            {
                "name": "support_contact",
                "label": "How to reach the team",
                "default": "the support team by e-mail",
            },
            {"name": "user_name", "label": "Your name", "collect_before_chat": True},
            {
                "name": "order_number",
                "label": "Order or account number",
                "collect_before_chat": True,
            },
        ],
        "appearance": {
            "title": "Support",
            "welcome_message": "Hello! Tell me what is not working, and I will help you fix it.",
            "suggested_prompts": [
                "Where is my order?",
                "I want to return something",
                "I cannot sign in",
            ],
            "placeholder": "Describe the problem",
        },
        "lead_capture": {
            "enabled": False,
            "timing": "end_of_chat",
            "title": "Where can the team reach you?",
            "required_fields": ["email"],
            "optional_fields": ["name", "phone"],
        },
    },
)
