"""Short answers from the company's own documents, with their sources."""

from django.utils.translation import gettext_lazy as _

from chatbots.starters.prompts import prompt
from drafts.types import Template

STARTER = Template(
    name="faq",
    label=_("FAQ"),
    description=_("Answers from your documents only, with sources, and says when it cannot."),
    icon="circle-help",
    data={
        "name": "FAQ assistant",
        "category": "faq",
        "description": "Answers common questions from our documents and names its sources.",
        "system_prompt": prompt("faq"),
        "temperature": 0.1,
        "max_tokens": 500,
        "memory": {"enabled": True, "max_messages": 6, "max_tokens": 3000},
        "variables": [
            {"name": "company_name", "label": "Company", "default": "our company"},
            {"name": "contact", "label": "Where to ask next", "default": "our contact page"},
        ],
        "appearance": {
            "title": "Questions and answers",
            "welcome_message": "Ask me anything about us. I answer from our documents and show "
            "you where it is written.",
            "suggested_prompts": [
                "What are your opening hours?",
                "How do I change my plan?",
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
