"""A model tells what a message is about, and questions about money go another way."""

from django.utils.translation import gettext_lazy as _

from drafts.template import Template

STARTER = Template(
    name="triage",
    label=_("Triage"),
    description=_("A model tells what a message is about; billing goes one way, the rest another."),
    icon="git-branch",
    data={
        "name": "Triage",
        "category": "customer_support",
        "description": "Sorts messages by what they are about, and answers each in its own way.",
        "nodes": [
            {
                "id": "start",
                "type": "trigger",
                "position": {"x": 0, "y": 80},
                "data": {"trigger_type": "chat_message"},
            },
            {
                "id": "llm1",
                "type": "llm",
                "position": {"x": 300, "y": 80},
                "data": {
                    "label": "Classify intent",
                    "prompt": "What is this message about?\n\n{{input}}",
                    "temperature": 0.0,
                    "output": [
                        {
                            "name": "intent",
                            "description": "What the message is about.",
                            "options": ["billing", "other"],
                        }
                    ],
                },
            },
            {
                "id": "condition1",
                "type": "condition",
                "position": {"x": 600, "y": 80},
                "data": {"label": "Is it billing?", "condition": "{{llm1.intent}} == 'billing'"},
            },
            {
                "id": "response1",
                "type": "response",
                "position": {"x": 900, "y": 0},
                "data": {
                    "label": "Billing",
                    "message": "Questions about invoices go to billing@example.com. They answer "
                    "within a day.",
                },
            },
            {
                "id": "llm2",
                "type": "llm",
                "position": {"x": 900, "y": 180},
                "data": {
                    "label": "Answer",
                    "system_prompt": "You help the customers of {{company}}. Be brief, and say so "
                    "when you do not know something.",
                    "prompt": "{{input}}",
                    "memory": 10,
                    "streams": True,
                },
            },
        ],
        "edges": [
            {"id": "e1", "source": "start", "target": "llm1", "sourceHandle": ""},
            {"id": "e2", "source": "llm1", "target": "condition1", "sourceHandle": ""},
            {"id": "e3", "source": "condition1", "target": "response1", "sourceHandle": "true"},
            {"id": "e4", "source": "condition1", "target": "llm2", "sourceHandle": "false"},
        ],
        "variables": [{"name": "company", "label": "Company", "default": "our company"}],
        "appearance": {"welcome_message": "Hello! What can I do for you?"},
    },
)
