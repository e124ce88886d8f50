"""Buttons instead of typing: a menu, as a telephone has one."""

from django.utils.translation import gettext_lazy as _

from drafts.template import Template

STARTER = Template(
    name="menu",
    label=_("Menu"),
    description=_("Visitors pick from buttons. It needs no language model."),
    icon="mouse-pointer-click",
    data={
        "name": "Menu",
        "category": "faq",
        "description": "Answers the common questions by buttons, without a language model.",
        "nodes": [
            {
                "id": "start",
                "type": "trigger",
                "position": {"x": 0, "y": 100},
                "data": {"trigger_type": "chat_message"},
            },
            {
                "id": "buttons1",
                "type": "buttons",
                "position": {"x": 300, "y": 100},
                "data": {
                    "message": "What would you like to know?",
                    "buttons": [
                        {"id": "hours", "label": "Opening hours"},
                        {"id": "address", "label": "Where you are"},
                    ],
                },
            },
            {
                "id": "response1",
                "type": "response",
                "position": {"x": 620, "y": 0},
                "data": {"label": "Hours", "message": "We are open {{opening_hours}}."},
            },
            {
                "id": "response2",
                "type": "response",
                "position": {"x": 620, "y": 120},
                "data": {"label": "Address", "message": "You find us at {{address}}."},
            },
            {
                "id": "response3",
                "type": "response",
                "position": {"x": 620, "y": 240},
                "data": {
                    "label": "Anything else",
                    "message": "I only know these two things. Write to hello@example.com for more.",
                },
            },
        ],
        "edges": [
            {"id": "e1", "source": "start", "target": "buttons1", "sourceHandle": ""},
            {"id": "e2", "source": "buttons1", "target": "response1", "sourceHandle": "hours"},
            {"id": "e3", "source": "buttons1", "target": "response2", "sourceHandle": "address"},
            {"id": "e4", "source": "buttons1", "target": "response3", "sourceHandle": "other"},
        ],
        "variables": [
            {"name": "opening_hours", "default": "from nine to five on weekdays"},
            {"name": "address", "default": "1 Main Street"},
        ],
        "appearance": {"welcome_message": "Hello! Say hi, and I tell you what I know."},
    },
)
