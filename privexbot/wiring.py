"""The URL modules of the apps, as far as they exist."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

APPS = (
    "workspaces",
    "inference",
    "drafts",
    "conversations",
    "channels_deploy",
    "chatbots",
)


def included(name: str, prefix: str = "") -> list[URLPattern | URLResolver]:
    """``<app>.<name>`` of every app that has it, below ``prefix``."""
    modules = [f"{app}.{name}" for app in APPS]
    return [path(prefix, include(module)) for module in modules if find_spec(module)]
