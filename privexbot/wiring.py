"""The URL modules of the apps, as far as they exist."""

import logging
from importlib import import_module
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

logger = logging.getLogger(__name__)


def included(name: str, prefix: str = "") -> list[URLPattern | URLResolver]:
    """``<app>.<name>`` of every app that has it, below ``prefix``."""
    modules = [f"{app}.{name}" for app in APPS]
    return [path(prefix, include(module)) for module in modules if _is_whole(module)]


def _is_whole(module: str) -> bool:
    if find_spec(module) is None:
        return False
    try:
        import_module(module)
    except ImportError as error:
        logger.warning("%s is left out: %s", module, error)
        return False
    return True
