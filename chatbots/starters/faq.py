"""Short answers from what the company has written down, and nothing else."""

from django.utils.translation import gettext_lazy as _

from chatbots.starters.prompts import prompt
from drafts.template import Template

STARTER = Template(
    name="faq",
    label=_("FAQ"),
    description=_("Answers common questions from the facts you fill in, and says when it cannot."),
    icon="circle-help",
    data={
        "name": "FAQ assistant",
        "category": "faq",
        "description": "Answers common questions about us from the facts in its variables.",
        "system_prompt": prompt("faq"),
        "temperature": 0.1,
        "max_tokens": 500,
        "memory": {"enabled": True, "max_messages": 6, "max_tokens": 3000},
        "variables": [
            {"name": "company_name", "label": "Company", "default": "our company"},
            {"name": "opening_hours", "label": "Opening hours"},
            {"name": "plans", "label": "Plans and prices"},
            {"name": "payment", "label": "Ways to pay"},
            {"name": "contact", "label": "Where to ask next", "default": "our contact page"},
        ],
        "appearance": {
            "title": "Questions and answers",
            "welcome_message": "Ask me about us. When I do not know something, I tell you whom "
            "to ask.",
            "suggested_prompts": [
                "What are your opening hours?",
                "What does it cost?",
                "Which payment methods do you accept?",
            ],
            "placeholder": "Type your question",
        },
        "features": {
            "enable_citations": True,
            "enable_follow_up_suggestions": True,
            "enable_feedback": True,
        },
    },
)
