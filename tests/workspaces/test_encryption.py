"""Values at rest: bound to their row, under a key that can be changed."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from tests.workspaces.conftest import CANARY
from workspaces import credentials
from workspaces.encryption import UnreadableError
from workspaces.models import Credential

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings

    from workspaces.access import Actor


def value(stored: Credential) -> str:
    return credentials.values_of(stored.workspace_id, stored.pk)["api_key"]


def test_a_value_copied_into_another_row_does_not_open(
    alice: Actor, mallory: Actor, stored: Credential
) -> None:
    other = credentials.create(mallory, name="x", kind="llm", values={"api_key": "y" * 20})
    Credential.objects.filter(pk=other.pk).update(encrypted=stored.encrypted)
    with pytest.raises(UnreadableError):
        credentials.values_of(mallory.workspace_id, other.pk)


def test_a_row_moved_to_another_workspace_does_not_open(mallory: Actor, stored: Credential) -> None:
    Credential.objects.filter(pk=stored.pk).update(workspace=mallory.workspace)
    with pytest.raises(UnreadableError):
        credentials.values_of(mallory.workspace_id, stored.pk)


def test_the_values_are_not_there_for_another_workspace(mallory: Actor, stored: Credential) -> None:
    with pytest.raises(LookupError):
        credentials.values_of(mallory.workspace_id, stored.pk)


def test_the_key_can_be_changed(stored: Credential, settings: Settings) -> None:
    old, new = settings.CREDENTIALS_KEYS[0], Fernet.generate_key().decode()
    settings.CREDENTIALS_KEYS = [new, old]
    assert value(stored) == CANARY
    out = StringIO()
    call_command("rotate_credentials", stdout=out)
    assert out.getvalue().startswith("1 credential")
    settings.CREDENTIALS_KEYS = [new]
    assert value(stored) == CANARY
    settings.CREDENTIALS_KEYS = [old]
    with pytest.raises(UnreadableError):
        value(stored)


def test_values_whose_key_is_lost_are_counted_and_kept(
    stored: Credential, settings: Settings
) -> None:
    old = settings.CREDENTIALS_KEYS
    settings.CREDENTIALS_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="1 credential"):
        call_command("rotate_credentials", stdout=StringIO())
    settings.CREDENTIALS_KEYS = old
    assert value(stored) == CANARY
