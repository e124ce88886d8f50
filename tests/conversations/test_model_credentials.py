"""Credentials for language models: tried at their service, and known to the catalogue."""

from __future__ import annotations

import gc
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from inference import catalogue, http_model
from tests.inference.conftest import soon
from tests.servers.model import Reply
from workspaces import credentials
from workspaces.credential_testing import test as try_credential

if TYPE_CHECKING:
    from tests.servers.model import ModelServer
    from workspaces.access import Actor
    from workspaces.models import Credential

pytestmark = pytest.mark.django_db
KEY = "sk-canary-0123456789abcdef"


@pytest.fixture
def credential(alice: Actor, model_server: ModelServer, settings: Any) -> Credential:
    settings.OUTBOUND_ALLOWED_HOSTS = ["127.0.0.1"]
    values = {"api_key": KEY, "base_url": model_server.url, "provider": "anthropic"}
    return credentials.create(alice, name="Ours", kind="llm", values=values)


def test_a_key_that_works_is_told_with_its_models(alice: Actor, credential: Credential) -> None:
    tested = try_credential(alice, credential)
    assert tested.ok
    assert tested.message == "The key works: 2 models, the first is small-1."


def test_a_service_that_wants_no_key_is_told_as_such(
    alice: Actor, credential: Credential, model_server: ModelServer
) -> None:
    credentials.replace(alice, credential, {"base_url": model_server.url})
    tested = try_credential(alice, credential)
    assert tested.message == "It answers without a key: 2 models, the first is small-1."


def test_a_key_that_is_refused_is_told_without_it(
    alice: Actor, credential: Credential, model_server: ModelServer
) -> None:
    model_server.listing = Reply(f"Incorrect API key provided: {KEY}", status=401)
    tested = try_credential(alice, credential)
    assert tested.ok is False
    assert "401. It does not accept the key" in tested.message
    assert KEY not in tested.message


def test_an_address_in_our_own_network_is_refused(
    alice: Actor, credential: Credential, model_server: ModelServer, settings: Any
) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = []
    assert try_credential(alice, credential).ok is False
    assert not model_server.requests


def test_the_catalogue_offers_what_the_workspace_s_keys_reach(
    alice: Actor, credential: Credential, mallory: Actor
) -> None:
    catalogue._listings.clear()
    assert soon("anthropic", alice.workspace) == ("small-1", "large-2")
    theirs = {name: models for name, _, models in catalogue.available(mallory.workspace)}
    assert theirs["anthropic"] == ()


def test_what_is_remembered_of_a_credential_holds_no_secret(
    alice: Actor, credential: Credential
) -> None:
    catalogue._listings.clear()
    assert soon("anthropic", alice.workspace)
    remembered: list[Any] = [catalogue._listings, http_model._lists]
    seen: set[int] = set()
    while remembered:
        one = remembered.pop()
        if id(one) in seen or isinstance(one, (type, ModuleType, FunctionType)):
            continue
        seen.add(id(one))
        assert not (isinstance(one, str) and KEY in one)
        remembered += gc.get_referents(one)
