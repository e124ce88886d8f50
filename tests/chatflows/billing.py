"""The billing example of the product's design, as a client posts it."""

from __future__ import annotations

from typing import Any

BILLING: dict[str, Any] = {
    "name": "Customer Support Flow",
    "category": "automation",
    "visibility": "private",
    "description": "Multi-step support workflow",
    "nodes": [
        {
            "id": "start",
            "type": "trigger",
            "position": {"x": 100, "y": 100},
            "data": {"trigger_type": "chat_message"},
        },
        {
            "id": "llm1",
            "type": "llm",
            "position": {"x": 300, "y": 100},
            "data": {
                "provider": "openai_compatible",
                "model": "secret-ai-v1",
                "prompt": "Classify user intent: {{input}}",
                "temperature": 0.3,
            },
        },
        {
            "id": "condition1",
            "type": "condition",
            "position": {"x": 500, "y": 100},
            "data": {
                "condition": "{{llm1.intent}} === 'billing'",
                "true_branch": "kb_search",
                "false_branch": "general_response",
            },
        },
        {
            "id": "kb_search",
            "type": "knowledge_base",
            "position": {"x": 700, "y": 50},
            "data": {"kb_id": "kb_uuid", "query": "{{input}}", "top_k": 5},
        },
        {
            "id": "response",
            "type": "response",
            "position": {"x": 900, "y": 100},
            "data": {"message": "{{kb_search.response}}"},
        },
    ],
    "edges": [
        {"id": "e1", "source": "start", "target": "llm1"},
        {"id": "e2", "source": "llm1", "target": "condition1"},
        {"id": "e3", "source": "condition1", "target": "kb_search", "label": "True"},
        {"id": "e4", "source": "condition1", "target": "response", "label": "False"},
        {"id": "e5", "source": "kb_search", "target": "response"},
    ],
    "variables": {"user_intent": "", "kb_context": ""},
    "settings": {"enable_logging": True, "max_iterations": 10, "timeout_seconds": 30},
    "appearance": {
        "theme": "light",
        "primary_color": "#4F46E5",
        "welcome_message": "Hello! I'm your automated assistant.",
    },
}
