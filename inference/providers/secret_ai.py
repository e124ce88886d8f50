"""Secret AI: models in confidential computing, by the OpenAI protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from inference.endpoint import Endpoint
from inference.openai_protocol import OpenAIProtocol
from inference.providers.base import Provider, not_configured, web_address

if TYPE_CHECKING:
    from collections.abc import Mapping


class SecretAI(Provider):
    name = "secret_ai"
    label = "Secret AI"

    def ready(self) -> bool:
        return bool(settings.SECRET_AI_API_KEY)

    def client(self, values: Mapping[str, str]) -> OpenAIProtocol:
        key = values.get("api_key", "") if values else settings.SECRET_AI_API_KEY
        if not key:
            raise not_configured(
                _("Secret AI needs a key. Set SECRET_AI_API_KEY, or choose a credential.")
            )
        given = values.get("base_url", "")
        address = web_address(given) if given else settings.SECRET_AI_BASE_URL
        return OpenAIProtocol(Endpoint(address, key, guarded=bool(given)))

    async def models(self, values: Mapping[str, str]) -> tuple[str, ...]:
        return await self.client(values).models()
