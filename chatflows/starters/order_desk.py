"""A model that looks orders up and knows the opening hours, by tools that are drawn."""

from django.utils.translation import gettext_lazy as _

from drafts.template import Template

STARTER = Template(
    name="order_desk",
    label=_("Order desk"),
    description=_("An agent that looks things up with tools: an order of yours, your hours."),
    icon="bot",
    data={
        "name": "Order desk",
        "category": "customer_support",
        "description": "Answers questions about orders, and looks them up by their number.",
        "nodes": [
            {
                "id": "start",
                "type": "trigger",
                "position": {"x": 0, "y": 80},
                "data": {"trigger_type": "chat_message"},
            },
            {
                "id": "agent1",
                "type": "agent",
                "position": {"x": 300, "y": 80},
                "data": {
                    "label": "Order desk",
                    "system_prompt": "You answer the customers of {{company}}, briefly and kindly. "
                    "Look up what you need with your tools, and say so when you cannot find it.",
                    "temperature": 0.2,
                    "streams": True,
                    "tools": [
                        {
                            "id": "order",
                            "name": "find_order",
                            "description": "Finds an order by its number: its state, its parcel.",
                            "parameters": ["number: text - The number of the order"],
                        },
                        {
                            "id": "hours",
                            "name": "opening_hours",
                            "description": "Tells when we can be reached.",
                            "parameters": [],
                        },
                    ],
                },
            },
            {
                "id": "http1",
                "type": "http",
                "position": {"x": 660, "y": 0},
                "data": {
                    "label": "Look the order up",
                    "url": "https://api.example.com/orders/{{agent1.args.number}}",
                },
            },
            {
                "id": "template1",
                "type": "template",
                "position": {"x": 660, "y": 180},
                "data": {
                    "label": "Our hours",
                    "template": "Monday to Friday, 9:00 to 17:00. Today is {{today()}}.",
                },
            },
        ],
        "edges": [
            {"id": "e1", "source": "start", "target": "agent1", "sourceHandle": ""},
            {"id": "e2", "source": "agent1", "target": "http1", "sourceHandle": "order"},
            {"id": "e3", "source": "agent1", "target": "template1", "sourceHandle": "hours"},
        ],
        "variables": [{"name": "company", "label": "Company", "default": "our company"}],
        "appearance": {"welcome_message": "Hello! Which order is it about?"},
    },
)
