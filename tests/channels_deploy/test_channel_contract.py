"""What holds for every channel that is listed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from django import forms

from channels_deploy.channels import CHANNELS, described, find
from channels_deploy.messenger import Messenger
from channels_deploy.models import Connection
from channels_deploy.schema import ChannelSettings
from tests.conversations.conftest import deployed
from workspaces.models import Credential

if TYPE_CHECKING:
    from channels_deploy.channel import Channel, Described
    from workspaces.models import Workspace

EVERY = pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.name)
MESSENGERS = [channel for channel in CHANNELS if isinstance(channel, Messenger)]


def test_names_are_given_once() -> None:
    names = [channel.name for channel in CHANNELS]
    assert len(names) == len({*names})


@EVERY
def test_a_channel_has_a_name_a_label_and_a_place_in_drafts(channel: Described) -> None:
    assert described(channel.name) is channel
    assert str(channel.label)
    assert str(channel.short)
    draft = {"channels": [{"type": channel.name, "enabled": True, "config": {}}]}
    usual = channel.settings()
    assert ChannelSettings.model_validate(draft).of(channel.settings) == usual
    assert ChannelSettings.model_validate(draft).enabled() == {
        channel.name: usual.model_dump(mode="json")
    }


@EVERY
def test_what_a_channel_points_at_is_one_of_its_settings(channel: Described) -> None:
    known = {*channel.settings.model_fields}
    limit = channel.limit({})
    assert not limit or not limit.field or limit.field in known
    if channel.credential_field:
        assert channel.credential_field in known
        assert channel.name in Credential.Kind.values


@pytest.mark.parametrize("public_url", ["https://bots.example", "http://bots.example"])
@pytest.mark.parametrize("channel", MESSENGERS, ids=lambda channel: channel.name)
def test_a_messenger_needs_its_credential_and_an_address_that_its_service_calls(
    channel: Messenger, settings: Any, public_url: str
) -> None:
    settings.PUBLIC_URL = public_url
    chosen = {channel.credential_field: "some-id"} if channel.credential_field else {}
    limit = channel.limit(chosen)
    assert (limit.words if limit else "") == (
        "" if public_url.startswith("https") else "Needs an https address"
    )
    missing = channel.limit({})
    if chosen:
        assert missing is not None
        assert missing.sentence == f"{channel.short} has no credential, so it cannot be connected"
        assert (missing.remedy, missing.field) == ("Choose a credential", channel.credential_field)
    else:
        assert missing == limit


@EVERY
def test_its_fields_edit_its_settings(channel: Channel) -> None:
    fields = channel.fields()
    assert {*fields} <= {*channel.settings.model_fields}
    assert all(isinstance(field, forms.Field) and field.label for field in fields.values())


def test_a_channel_of_another_version_is_described_all_the_same() -> None:
    fax = described("fax")
    assert (str(fax.label), find("fax")) == ("fax", None)


@pytest.mark.django_db
@EVERY
def test_a_result_is_plain_data_without_secrets(channel: Channel, acme: Workspace) -> None:
    row = Connection.objects.create(
        entity=deployed(acme), channel=channel.name, identity_seed="seed-of-a-secret"
    )
    text = json.dumps(channel.result(row))
    assert row.identity_secret
    assert row.identity_secret not in text
    assert row.identity_seed not in text
    assert row.path not in text


@pytest.mark.django_db
def test_what_is_immediate_may_be_done_twice(acme: Workspace) -> None:
    for channel in CHANNELS:
        if channel.immediate:
            row = Connection.objects.create(entity=deployed(acme), channel=channel.name)
            assert channel.connect(row, {}) == channel.connect(row, {})
            channel.withdraw(row, {})
            channel.withdraw(row, {})
