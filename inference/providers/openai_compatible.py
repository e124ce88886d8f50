"""Any server that speaks the OpenAI protocol: OpenAI, vLLM, Ollama, LM Studio and the like."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inference.credential_owner import owner_of
from inference.endpoint import Endpoint
from inference.openai_protocol import OpenAIProtocol
from inference.providers.base import Provider, not_configured, web_address

if TYPE_CHECKING:
    from collections.abc import Mapping

OPENAI = "https://api.openai.com/v1"


class OpenAICompatible(Provider):
    name = "openai_compatible"
    label = gettext_lazy("OpenAI or compatible")

    def ready(self) -> bool:
        return bool(settings.LLM_BASE_URL)

    def default_model(self) -> str:
        return str(settings.LLM_MODEL)

    def client(self, values: Mapping[str, str]) -> OpenAIProtocol:
        model = "" if values else settings.LLM_MODEL
        return OpenAIProtocol(self.endpoint(values), default_model=model)

    def endpoint(self, values: Mapping[str, str]) -> Endpoint:
        """Where the server is; raises ``InferenceError`` (``not-configured``)."""
        if values:
            return _workspace_endpoint(values)
        if not self.ready():
            raise not_configured(
                _("No model server is configured. Set LLM_BASE_URL, or choose a credential.")
            )
        return Endpoint(settings.LLM_BASE_URL, settings.LLM_API_KEY)

    async def models(self, values: Mapping[str, str]) -> tuple[str, ...]:
        return await self.client(values).models()


def _workspace_endpoint(values: Mapping[str, str]) -> Endpoint:
    if not values.get("api_key") and not values.get("base_url"):
        raise not_configured(_("The credential has neither a key nor an address."))
    if owner_of(values) != OpenAICompatible.name:
        raise not_configured(_("The credential belongs to another service. Choose one that fits."))
    if values.get("base_url"):
        address = web_address(values["base_url"])
        return Endpoint(address, values.get("api_key", ""), guarded=True)
    return Endpoint(OPENAI, values["api_key"])
