"""Every provider of models, in the order in which they are offered."""

from inference.providers.anthropic import Anthropic
from inference.providers.base import Provider
from inference.providers.extractive import Extractive
from inference.providers.local import Local
from inference.providers.openai_compatible import OpenAICompatible
from inference.providers.secret_ai import SecretAI

PROVIDERS: tuple[Provider, ...] = (
    SecretAI(),
    OpenAICompatible(),
    Anthropic(),
    Local(),
    Extractive(),
)
BY_NAME = {provider.name: provider for provider in PROVIDERS}
