"""Asks one thing after the other, and checks the answers."""

from django.utils.translation import gettext_lazy as _

from drafts.template import Template

STARTER = Template(
    name="contact",
    label=_("Contact form"),
    description=_("Asks for a name, an address and a matter, one after the other."),
    icon="clipboard-list",
    data={
        "name": "Contact form",
        "category": "sales",
        "description": "A contact form as a conversation.",
        "nodes": [
            {
                "id": "start",
                "type": "trigger",
                "position": {"x": 0, "y": 0},
                "data": {"trigger_type": "chat_message"},
            },
            {
                "id": "collect_input1",
                "type": "collect_input",
                "position": {"x": 300, "y": 0},
                "data": {
                    "label": "Name",
                    "question": "What is your name?",
                    "variable": "name",
                    "lead_field": "name",
                },
            },
            {
                "id": "collect_input2",
                "type": "collect_input",
                "position": {"x": 600, "y": 0},
                "data": {
                    "label": "E-mail",
                    "question": "Thank you, {{name}}. At which e-mail address do we reach you?",
                    "variable": "email",
                    "answer_type": "email",
                    "lead_field": "email",
                },
            },
            {
                "id": "collect_input3",
                "type": "collect_input",
                "position": {"x": 900, "y": 0},
                "data": {
                    "label": "Matter",
                    "question": "What is it about?",
                    "variable": "matter",
                },
            },
            {
                "id": "response1",
                "type": "response",
                "position": {"x": 1200, "y": 0},
                "data": {
                    "message": "Thank you, {{name}}. We write to {{email}} about “{{matter}}”.",
                },
            },
        ],
        "edges": [
            {"id": "e1", "source": "start", "target": "collect_input1", "sourceHandle": ""},
            {
                "id": "e2",
                "source": "collect_input1",
                "target": "collect_input2",
                "sourceHandle": "",
            },
            {
                "id": "e3",
                "source": "collect_input2",
                "target": "collect_input3",
                "sourceHandle": "",
            },
            {"id": "e4", "source": "collect_input3", "target": "response1", "sourceHandle": ""},
        ],
        "appearance": {"welcome_message": "Hello! Say hi, and I take down what you need."},
    },
)
