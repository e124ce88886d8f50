"""What holds for every channel that is listed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, get_args

import pytest

from channels_deploy.channels import CHANNELS, PLANNED, find
from channels_deploy.models import Connection
from chatbots import schema
from tests.conversations.conftest import deployed

if TYPE_CHECKING:
    from channels_deploy.channel import Channel
    from workspaces.models import Workspace

# The channels that a chatbot's draft may describe.
MODELS = get_args(get_args(schema.Channel)[0])


def test_names_are_given_once_and_are_those_of_the_schema() -> None:
    names = [*(channel.name for channel in CHANNELS), *(planned.name for planned in PLANNED)]
    described = [get_args(model.model_fields["type"].annotation)[0] for model in MODELS]
    assert sorted(names) == sorted(described)


@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.name)
def test_a_channel_is_found_by_its_name(channel: Channel) -> None:
    assert find(channel.name) is channel
    assert str(channel.label)


@pytest.mark.django_db
@pytest.mark.parametrize("channel", CHANNELS, ids=lambda channel: channel.name)
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
            assert channel.connect(row) == channel.connect(row)
            channel.withdraw(row)
            channel.withdraw(row)
