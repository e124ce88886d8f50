"""Colleagues ask about IT and office matters; they get an answer or a ticket."""

from django.utils.translation import gettext_lazy as _

from chatbots.starters.prompts import prompt
from drafts.template import Template

STARTER = Template(
    name="help_desk",
    label=_("Internal help desk"),
    description=_("Helps colleagues with IT and office matters, and writes the ticket they need."),
    icon="life-buoy",
    data={
        "name": "Help desk",
        "category": "internal",
        "visibility": "private",
        "description": "Answers colleagues' questions and prepares tickets.",
        "system_prompt": prompt("help_desk"),
        "temperature": 0.2,
        "max_tokens": 800,
        "memory": {"enabled": True, "max_messages": 16, "max_tokens": 5000},
        "variables": [
            {"name": "company_name", "label": "Company", "default": "our company"},
            {"name": "ticket_system", "label": "Ticket system", "default": "the ticket form"},
            {"name": "user_name", "label": "Your name", "collect_before_chat": True},
            {
                "name": "department",
                "type": "select",
                "label": "Department",
                "options": ["Sales", "Marketing", "Engineering", "Operations", "Other"],
                "collect_before_chat": True,
            },
            {"name": "office", "label": "Office", "collect_before_chat": True},
        ],
        "appearance": {
            "title": "Help desk",
            "welcome_message": "Hello. What can I help you with: a device, an account, travel, "
            "time off?",
            "suggested_prompts": [
                "My laptop does not connect to the network",
                "How do I request time off?",
                "I need access to a shared folder",
            ],
            "placeholder": "What do you need?",
        },
        "features": {"rate_limiting": {"enabled": True, "max_messages_per_hour": 100}},
    },
)
