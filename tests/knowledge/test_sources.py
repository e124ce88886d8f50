"""What holds for every kind of source, and for those that are read from an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest

from knowledge import schema
from knowledge.forms.sources import FORMS, SourceForm
from knowledge.sources import ACCOUNTS, SOURCES, described
from knowledge.sources.base import Reading, StoppedError, UnreadError
from privexbot.env import BASE_DIR
from tests.knowledge.remote.reader import Reader
from workspaces.credential_kinds import KINDS

if TYPE_CHECKING:
    from common.schema import Schema
    from knowledge.sources.base import AccountKind, SourceKind
    from tests.knowledge.client import KnowledgeApi
    from tests.servers.google import GoogleServer
    from tests.servers.notion import NotionServer

IDS = {"page_id": "0" * 32, "file_id": "x" * 44}
every_kind = pytest.mark.parametrize("kind", SOURCES, ids=lambda kind: kind.type)
every_account = pytest.mark.parametrize("kind", ACCOUNTS, ids=lambda kind: kind.type)


def models() -> dict[str, type[Schema]]:
    union = get_args(schema.Source)[0]
    return {get_args(m.model_fields["type"].annotation)[0]: m for m in get_args(union)}


def test_the_kinds_are_those_of_the_schema() -> None:
    assert sorted(kind.type for kind in SOURCES) == sorted(models())


@every_kind
def test_a_kind_can_be_shown(kind: SourceKind) -> None:
    sprite = (BASE_DIR / "static" / "icons" / "sprite.svg").read_text()
    assert described(kind.type) is kind
    assert f'id="{kind.icon}"' in sprite
    assert str(kind.label)
    assert kind.name_of({}) == ""
    assert isinstance(kind.has_documents, bool)


@every_kind
def test_its_form_has_fields_of_its_schema_alone(kind: SourceKind) -> None:
    known = models()[kind.type].model_fields
    names = FORMS.get(kind.type, SourceForm)().fields
    assert {name.split("__")[0] for name in names} <= set(known)


# What a website does instead is in the tests of crawling.
@pytest.mark.parametrize(
    "kind", [k for k in SOURCES if k.type != "website"], ids=lambda kind: kind.type
)
def test_an_empty_source_is_unread_for_a_reason(kind: SourceKind) -> None:
    reading = Reading(None, lambda _done: None, lambda _words: None, lambda: False)
    with pytest.raises(UnreadError, match=r"\.$"):
        kind.read({"type": kind.type}, reading)


@every_account
def test_an_account_has_a_credential_and_an_id(kind: AccountKind) -> None:
    assert kind.credential_kind in KINDS
    fields = models()[kind.type].model_fields
    assert fields[kind.id_field].is_required()
    assert fields["credential_id"].is_required()
    assert kind.id_of(IDS[kind.id_field])


@every_account
def test_without_its_credential_nothing_is_asked(
    kind: AccountKind, notion: NotionServer, google: GoogleServer
) -> None:
    with pytest.raises(UnreadError, match="credential is gone"):
        Reader("llm", api_key="sk").read(kind.type, **{kind.id_field: IDS[kind.id_field]})
    assert not notion.asked
    assert not google.asked


@every_account
def test_what_nobody_wants_any_more_is_not_read(
    kind: AccountKind, notion: NotionServer, google: GoogleServer
) -> None:
    reader = Reader(kind.credential_kind, token="ntn_x", access_token="ya29.x")
    reader.stop_after = 0
    with pytest.raises(StoppedError):
        reader.read(kind.type, **{kind.id_field: IDS[kind.id_field]})
    assert not notion.asked
    assert not google.asked


def test_a_list_is_sent_back_with_an_object_taken_out(api: KnowledgeApi) -> None:
    draft_id = api.new_draft()
    source_id = api.add_text(draft_id, "Parcels take three days.")["id"]
    own = {"sources": {source_id: {"chunking_config": {"chunk_size": 60}}}}
    assert api.patch(f"/draft/{draft_id}", {"data": own}).status_code == 200
    (source,) = api.get(f"/draft/{draft_id}").json()["data"]["sources"]
    back = {"sources": [source | {"chunking_config": None}]}
    assert api.patch(f"/draft/{draft_id}", {"data": back}).status_code == 200
    (source,) = api.get(f"/draft/{draft_id}").json()["data"]["sources"]
    assert source["chunking_config"] is None
