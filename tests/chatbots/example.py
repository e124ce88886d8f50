"""The design document's chatbot, field by field; the references are filled in by the test."""

from __future__ import annotations

from typing import Any


def design_chatbot(*, kb_id: str, telegram: str, discord: str) -> dict[str, Any]:
    """``data`` of the design's example with existing references."""
    return {
        "name": "My Chatbot",
        "category": "customer_support",
        "visibility": "private",
        "description": "Customer support assistant",
        "knowledge_bases": [
            {
                "kb_id": kb_id,
                "enabled": True,
                "override_retrieval": {"top_k": 5, "search_method": "hybrid"},
            }
        ],
        "model": "secret-ai-v1",
        "system_prompt": "You are a helpful customer support assistant...",
        "temperature": 0.7,
        "max_tokens": 2000,
        "memory": {"enabled": True, "max_messages": 10},
        "variables": [
            {
                "name": "user_name",
                "type": "text",
                "required": False,
                "default": "",
                "collect_before_chat": False,
            },
            {"name": "user_email", "type": "email", "required": True, "collect_before_chat": True},
        ],
        "appearance": {
            "theme": "light",
            "primary_color": "#4F46E5",
            "avatar_url": None,
            "welcome_message": "Hello! How can I help you today?",
            "suggested_prompts": ["Get started", "Learn more", "Contact support"],
        },
        "features": {
            "enable_citations": True,
            "enable_follow_up_suggestions": True,
            "enable_feedback": True,
            "rate_limiting": {"enabled": True, "max_messages_per_hour": 50},
        },
        "lead_capture": {
            "enabled": False,
            "timing": "before_chat",
            "required_fields": ["email"],
            "optional_fields": ["name", "phone"],
        },
        "deployment": {
            "channels": [
                {
                    "type": "website",
                    "enabled": True,
                    "config": {
                        "widget_position": "bottom-right",
                        "allowed_domains": ["example.com", "*.example.com"],
                    },
                },
                {
                    "type": "telegram",
                    "enabled": True,
                    "config": {"bot_token": telegram, "webhook_url": None},
                },
                {
                    "type": "discord",
                    "enabled": False,
                    "config": {"bot_token": discord, "webhook_url": None},
                },
                {
                    "type": "whatsapp",
                    "enabled": False,
                    "config": {"phone_number": "+1234567890", "webhook_url": None},
                },
                {"type": "zapier", "enabled": False, "config": {"webhook_url": None}},
            ],
            "api_keys": [],
        },
    }
