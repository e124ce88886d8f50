"""A small kind of draft for tests: a note with sections, channels and free labels."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree, rmtree
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from django.utils.text import slugify
from pydantic import Field, HttpUrl

from common.schema import Schema
from drafts.issue import Issue
from drafts.models import Entity, Release
from drafts.step import Step
from drafts.types import DraftType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from drafts.draft import Draft, Gone
    from workspaces.access import Actor


class Look(Schema):
    color: str = Field(default="#000000", pattern=r"^#[0-9a-f]{6}$", examples=["#4f46e5"])
    title: str = Field(default="", max_length=20)
    avatar_url: HttpUrl | None = None


class Entry(Schema):
    name: str
    label: str = Field(default="", max_length=30)
    default: str | int | None = None
    look: Look = Look()


class Section(Schema):
    id: str
    text: str = ""
    weight: float = Field(default=1, ge=0, le=10)
    fields: tuple[Entry, ...] = ()


class WebConfig(Schema):
    domains: tuple[str, ...] = ()


class Web(Schema):
    type: Literal["web"]
    enabled: bool = False
    config: WebConfig = WebConfig()


class Bot(Schema):
    type: Literal["bot"]
    enabled: bool = False
    token: str | None = None


class Deployment(Schema):
    channels: tuple[Web | Bot, ...] = ()


class Note(Schema):
    name: str = Field(min_length=1, max_length=60)
    text: str = Field(min_length=1)
    temperature: float = Field(default=0.5, ge=0, le=2)
    count: int = Field(default=1, ge=1)
    mode: Literal["plain", "rich"] = "plain"
    credential_id: UUID | None = None
    look: Look = Look()
    labels: dict[str, Any] = {}
    prompts: tuple[str, ...] = Field(default=(), max_length=3)
    sections: tuple[Section, ...] = ()
    deployment: Deployment = Deployment()


NOWHERE = Path("nowhere")
KEYED = {"sections": "id", "sections.fields": "name", "deployment.channels": "type"}


def put(notes: NoteDraft, draft: Draft, text: str = "Read me") -> None:
    """Keep a file beside the draft."""
    notes.files_of(draft).mkdir()
    (notes.files_of(draft) / "manual.txt").write_text(text)


class NoteDraft(DraftType[Note]):
    """Records which hooks were called, so that tests can ask, and keeps files beside its drafts and
    releases: each has a directory below ``folder``."""

    kind = "note"
    url_name = "notes"
    label = "Note"
    label_plural = "Notes"
    schema = Note
    model = Entity
    steps: tuple[Step, ...] = (
        Step("basic", "Basic", ("name", "text", "count", "mode")),
        Step("look", "Look", ("look", "temperature", "labels", "prompts")),
        Step("deploy", "Deploy", ("sections", "credential_id", "deployment")),
    )
    keyed_lists = KEYED
    node_list = "sections"

    def __init__(self, folder: Path = NOWHERE) -> None:
        self.folder = folder
        self.calls: list[tuple[str, str]] = []
        self.fails: Exception | None = None
        self.stuck = False
        self.interrupts: Callable[[], None] | None = None

    def normalised(self, patch: dict[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
        """``tint`` is ``look.color``; a ``title`` is the look's, unless that has one."""
        given = dict(patch)
        look = {"color": given.pop("tint")} if "tint" in given else {}
        title = given.pop("title", None)
        if title and not document.get("look", {}).get("title"):
            look["title"] = title
        return given | ({"look": look} if look else {})

    def warnings(self, data: Mapping[str, Any], actor: Actor) -> Iterable[Issue]:
        if not data.get("prompts"):
            yield Issue("warning", "No prompts configured", "prompts", "look")

    def errors(self, data: Mapping[str, Any], actor: Actor) -> Iterable[Issue]:
        if data.get("mode") == "rich" and data.get("count") == 13:
            yield Issue("error", "Rich notes cannot be counted thirteen times", "count", "basic")

    def channels(self, configuration: Note) -> Mapping[str, Mapping[str, Any]]:
        enabled = (channel for channel in configuration.deployment.channels if channel.enabled)
        return {channel.type: channel.model_dump(mode="json") for channel in enabled}

    def apply(self, configuration: Note, entity: Entity) -> None:
        entity.name = configuration.name
        entity.slug = entity.slug or slugify(configuration.name)

    def files_of(self, owner: Draft | Release | str) -> Path:
        """Where the files of a draft (or its id) or of a release are."""
        if isinstance(owner, Release):
            return self.folder / f"{owner.entity_id}-{owner.number}"
        return self.folder / (owner if isinstance(owner, str) else owner.id)

    def _copy(self, origin: Draft | Release, owner: Draft | Release) -> None:
        if self.files_of(origin).exists():
            copytree(self.files_of(origin), self.files_of(owner), dirs_exist_ok=True)

    def copied(self, draft: Draft, origin: Draft | Release | None) -> None:
        self.calls.append(("copied", draft.id))
        if origin is not None:
            self._copy(origin, draft)
        if self.fails:
            raise self.fails

    def released(
        self,
        entity: Entity,
        release: Release,
        configuration: Note,
        origin: Draft | Release,
        actor: Actor,
    ) -> None:
        self.calls.append(("released", str(entity.pk)))
        self._copy(origin, release)
        if self.fails:
            raise self.fails
        if self.interrupts:
            self.interrupts()

    def deployed(self, entity: Entity, release: Release, draft_id: str | None) -> None:
        self.calls.append(("deployed", str(entity.pk)))

    def discarded(self, gone: Gone) -> None:
        self.calls.append((f"discarded: {gone.fate}", gone.draft_id))
        if self.stuck:
            raise OSError("the disk is away")
        rmtree(self.files_of(gone.draft_id), ignore_errors=True)

    def deployment_result(
        self, entity: Entity, release: Release
    ) -> Mapping[str, Mapping[str, Any]]:
        configuration = Note.model_validate(release.configuration)
        return {name: {"status": "success"} for name in self.channels(configuration)}

    def retry_channel(self, entity: Entity, channel: str) -> None:
        if channel not in self.deployment_result(entity, entity.live_release):  # type: ignore[arg-type]
            raise LookupError(channel)
        self.calls.append(("retried", channel))

    def switch_channel(self, entity: Entity, channel: str, *, on: bool) -> None:
        self.retry_channel(entity, channel)
        self.calls[-1] = ("switched on" if on else "switched off", channel)

    def without_channel(self, document: Mapping[str, Any], channel: str) -> dict[str, Any] | None:
        listed = document["deployment"]["channels"]
        left = [each for each in listed if each["type"] != channel]
        return {**document, "deployment": {"channels": left}} if left != listed else None

    def forget_channel(self, entity: Entity, channel: str) -> None:
        if ("released", str(entity.pk)) not in self.calls or channel != "web":
            raise LookupError
        self.calls.append(("forgot", channel))

    def entity_removed(self, entity_id: UUID) -> None:
        self.calls.append(("removed", str(entity_id)))
        for files in self.folder.glob(f"{entity_id}-*"):
            rmtree(files)
