"""The running product with a model behind it and a shop that uses it. Fixtures to import."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.channels_deploy.conftest import on_website
from tests.support.live import start_web
from tests.widget.bot import Bot
from tests.widget.conftest import Visitor
from tests.widget.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import BrowserContext

    from tests.channels_deploy.conftest import Website
    from tests.servers.model import ModelServer
    from tests.support.live import Live
    from workspaces.models import Workspace

LOOK = {"title": "Shop help", "welcome_message": "Hello.", "primary_color": "#00695C"}
CAPTURE = {"enabled": True, "timing": "end_of_chat", "consent_text": "We write back."}


@pytest.fixture(scope="module")
def _product(django_db_setup: None, _running_model_server: ModelServer) -> Iterator[Live]:
    live = start_web(LLM_BASE_URL=_running_model_server.url, LLM_API_KEY="sk-test-key")
    yield live
    live.child.stop()


@pytest.fixture
def product(_product: Live, transactional_db: None, redis_clean: None) -> Live:
    """The running product with a model, on this test's database."""
    return _product


@pytest.fixture
def shop(product: Live, acme: Workspace) -> Website:
    return on_website(
        acme, domains=["localhost"], appearance=LOOK, lead_capture=CAPTURE, visibility="public"
    )


@pytest.fixture
def shopper(
    profile: BrowserContext, product: Live, shop: Website, model_server: ModelServer
) -> Iterator[Visitor]:
    """A visitor of the shop's website, which is at another port."""
    attributes = f'data-key="{shop.connection.public_key}"'
    with Site(product.url, attributes) as site:
        page = profile.new_page()
        yield Visitor(page, site, Bot())
        assert page.evaluate("window.__breaches") == []
        page.close()
