"""The page ``/styleguide/``: each component in every state, for people and screenshots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import path

from common.widgets import ColorInput, Slider, Switch

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PARTS = [
    {"name": name, "label": label, "template": f"styleguide/parts/{name}.html"}
    for name, label in (
        ("tokens", "Colours and type"),
        ("buttons", "Buttons"),
        ("fields", "Fields"),
        ("cards", "Cards"),
        ("tables", "Tables and lists"),
        ("badges", "Badges and avatars"),
        ("states", "States"),
        ("navigation", "Navigation and layers"),
    )
]
TONES = ("", "green", "amber", "red", "blue", "accent")
SAVE_STATES = (
    ("saved", "Saved 40s ago"),
    ("unsaved", "Unsaved changes"),
    ("saving", "Saving…"),
    ("offline", "Offline, kept in this browser"),
    ("retrying", "Not saved, retrying in 4 s"),
    ("conflict", "Changed elsewhere"),
    ("invalid", "Saved 40s ago · 2 problems"),
    ("refused", "1 field is not saved"),
    ("expired", "This draft is gone"),
    ("signed-out", "Signed out, not saved"),
    ("forbidden", "Not allowed, not saved"),
)
STEPS = (
    {"name": "basic", "label": "Basic", "url": "#", "state": "done"},
    {"name": "knowledge", "label": "Knowledge", "url": "#", "state": "warning"},
    {"name": "instructions", "label": "Instructions", "url": "#", "state": "todo", "current": True},
    {"name": "variables", "label": "Variables", "url": "#", "state": "error", "count": 2},
    {"name": "customize", "label": "Customize", "url": "#", "state": "todo"},
    {"name": "deploy", "label": "Deploy", "url": "#", "state": "todo"},
)
CHANGES = (
    {"path": "Temperature", "from": "0.7", "to": "0.3"},
    {"path": "Welcome message", "from": None, "to": "Hello. What can I help you with?"},
    {"path": "Suggested prompts", "from": "Get started\nLearn more", "to": None},
)
EMBED = "<script>window.privexbotConfig = {botId: '7c1e', key: 'pk_3f9a'};</script>\n"
ROWS = (
    ("Support assistant", "green", "Live v3", "Ada Lovelace", "2 min ago", "1,284"),
    ("Lead qualification", "amber", "Draft: 4 changes", "Grace Hopper", "3 h ago", "96"),
    ("Onboarding", "red", "Failed", "Alan Turing", "yesterday", "0"),
)


class Example(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name", help_text="Shown to you and your team.")
    email = forms.EmailField(label="E-mail", required=False)
    category = forms.ChoiceField(
        label="Category", choices=[("support", "Customer support"), ("sales", "Sales")]
    )
    prompt = forms.CharField(
        label="System prompt",
        widget=forms.Textarea({"rows": 4}),
        help_text="What the assistant is, and how it should answer. Type / for variables.",
    )
    temperature = forms.FloatField(
        label="Temperature",
        widget=Slider(0, 2, 0.1),
        help_text="Lower is steadier, higher is more inventive.",
    )
    citations = forms.BooleanField(
        label="Show citations", help_text="Answers name their sources.", widget=Switch
    )
    feedback = forms.BooleanField(label="Ask for feedback", widget=Switch, required=False)
    terms = forms.BooleanField(label="Ask for consent first", help_text="Before the chat starts.")
    visibility = forms.ChoiceField(
        label="Visibility",
        widget=forms.RadioSelect,
        choices=[("private", "Private"), ("public", "Public")],
    )
    fields_asked = forms.MultipleChoiceField(
        label="Fields",
        widget=forms.CheckboxSelectMultiple,
        choices=[("name", "Name"), ("email", "E-mail"), ("phone", "Phone")],
    )
    color = forms.CharField(label="Brand colour", widget=ColorInput)
    file = forms.FileField(label="File", required=False)


VALUES: dict[str, Any] = {
    "name": "Support assistant",
    "email": "ada@example.com",
    "category": "support",
    "prompt": "You are a helpful customer support assistant. Use {{ user_name }} when known.",
    "temperature": 0.7,
    "citations": True,
    "visibility": "private",
    "fields_asked": ["email"],
    "color": "#4F46E5",
}


def refused() -> Example:
    """The form as it comes back when nothing fits."""
    return Example({"email": "ada", "temperature": "9", "color": "blue"}, auto_id="bad_%s")


def styleguide(request: HttpRequest) -> HttpResponse:
    context = {
        "form": Example(initial=VALUES, auto_id="good_%s"),
        "refused": refused(),
        "tones": TONES,
        "save_states": SAVE_STATES,
        "steps": STEPS,
        "changes": CHANGES,
        "embed": EMBED,
        "rows": ROWS,
        "pairs": (("Public key", "pk_3f9a"), ("Domains", "example.com, *.example.com")),
        "prompts": ("Get started", "Learn more"),
        "crumbs": ({"label": "Chatbots", "url": "#"}, {"label": "Support assistant", "url": "#"}),
        "page": Paginator(range(95), 20).page(2),
        "parts": PARTS,
    }
    return render(request, "styleguide/page.html", context)


def builder(request: HttpRequest) -> HttpResponse:
    """The frame of the builder with nothing behind it."""
    context = {"steps": STEPS, "form": Example(initial=VALUES)}
    return render(request, "styleguide/builder.html", context)


urlpatterns = (
    [path("styleguide/", styleguide), path("styleguide/builder/", builder)]
    if settings.STYLEGUIDE
    else []
)
