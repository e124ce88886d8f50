"""How the draft machine's API is described in the schema. Nothing here is used to answer."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from common.problems import MEDIA_TYPE
from drafts.types import draft_types
from workspaces.api_schema import Problem, problems

READ = (400, 401, 403, 404, 503)
OF_DRAFT = (*READ, 410)
CHANGE = (*OF_DRAFT, 409)
WITH_BODY = (413, 415, 422)

KIND = OpenApiParameter(
    "kind",
    str,
    OpenApiParameter.PATH,
    description="What is drafted.",
    enum=[draft_type.url_name for draft_type in draft_types] or None,
)
DRAFT_ID = OpenApiParameter("draft_id", str, OpenApiParameter.PATH)
ENTITY_ID = OpenApiParameter("entity_id", OpenApiTypes.UUID, OpenApiParameter.PATH)
IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, description='Only this version of the draft: `"7"`.'
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "maxLength": 255},
    OpenApiParameter.HEADER,
    description="The same key again gets the same answer.",
)


class Version(serializers.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, **kwargs)


class Data(serializers.DictField):
    """The document of a kind, as in ``drafts.api.documents``."""

    def __init__(self, **kwargs: Any) -> None:
        named = ", ".join(f"`document.{each.schema.__name__}`" for each in draft_types)
        super().__init__(help_text=f"Its members are, by its kind, those of {named}.", **kwargs)


class NewDraft(serializers.Serializer[Any]):
    """`data`, or its members themselves."""

    data = Data(required=False)  # type: ignore[assignment]


class Created(serializers.Serializer[Any]):
    draft_id = serializers.CharField()
    status = serializers.CharField(help_text="`draft`")
    version = Version()
    expires_at = serializers.DateTimeField()


STATUS = ["draft", "deploying", "failed"]


class DraftRow(serializers.Serializer[Any]):
    draft_id = serializers.CharField()
    name = serializers.CharField()
    status = serializers.ChoiceField(STATUS)
    version = Version()
    updated_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField()
    entity_id = serializers.UUIDField(allow_null=True)


class WholeDraft(serializers.Serializer[Any]):
    id = serializers.CharField()
    type = serializers.CharField()
    workspace_id = serializers.UUIDField()
    created_by = serializers.CharField()
    status = serializers.ChoiceField(STATUS)
    failure = serializers.CharField(allow_null=True)
    version = Version()
    entity_id = serializers.UUIDField(allow_null=True)
    base_version = Version(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    auto_save_enabled = serializers.BooleanField()
    last_auto_save = serializers.DateTimeField()
    can_undo = serializers.BooleanField()
    can_redo = serializers.BooleanField()
    data = Data()  # type: ignore[assignment]


class Patch(serializers.Serializer[Any]):
    data = Data()  # type: ignore[assignment]
    base_version = Version(required=False, allow_null=True)
    patch_id = serializers.UUIDField(required=False, allow_null=True)


class SavedAnswer(serializers.Serializer[Any]):
    status = serializers.CharField(help_text="`saved`")
    version = Version()
    updated_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    merged = serializers.BooleanField()
    changes = serializers.DictField(
        help_text="What others changed since `base_version`: place → value, null when removed."
    )


class ConflictEntry(serializers.Serializer[Any]):
    path = serializers.CharField()
    yours = serializers.JSONField(allow_null=True)
    theirs = serializers.JSONField(allow_null=True)
    by = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField(allow_null=True)


class Conflict(Problem):
    conflicts = ConflictEntry(many=True, required=False)
    version = Version(required=False)


class Change(serializers.Serializer[Any]):
    version = Version()
    at = serializers.DateTimeField()
    by = serializers.CharField(allow_blank=True)
    paths = serializers.ListField(child=serializers.CharField(allow_blank=True))
    summary = serializers.CharField()


class Restore(serializers.Serializer[Any]):
    version = Version()


class IssueEntry(serializers.Serializer[Any]):
    severity = serializers.ChoiceField(["error", "warning"])
    message = serializers.CharField()
    path = serializers.CharField(allow_blank=True)
    step = serializers.CharField()
    node_id = serializers.CharField(required=False)
    remedy = serializers.CharField(required=False, help_text="The call that may mend it.")


class ReportAnswer(serializers.Serializer[Any]):
    valid = serializers.BooleanField()
    errors = serializers.ListField(child=serializers.CharField())  # type: ignore[assignment]
    warnings = serializers.ListField(child=serializers.CharField())
    issues = IssueEntry(many=True)


class NotReady(Problem):
    """RFC 9457; of a draft that is not ready with the report's members, `errors` sentences."""

    errors = serializers.ListField(child=serializers.JSONField(), required=False)  # type: ignore[assignment]
    valid = serializers.BooleanField(required=False)
    warnings = serializers.ListField(child=serializers.CharField(), required=False)
    issues = IssueEntry(many=True, required=False)


class PlannedChangeEntry(serializers.Serializer[Any]):
    path = serializers.CharField()
    to = serializers.JSONField(allow_null=True)

    def get_fields(self) -> dict[str, Any]:
        return super().get_fields() | {"from": serializers.JSONField(allow_null=True)}


class PlannedChannel(serializers.Serializer[Any]):
    type = serializers.CharField()
    action = serializers.ChoiceField(["register", "update", "remove", "keep"])
    note = serializers.CharField(allow_blank=True, help_text="What is not plain from the action.")


class PlannedTest(serializers.Serializer[Any]):
    id = serializers.CharField()
    name = serializers.CharField()
    state = serializers.ChoiceField(
        [
            *("passed", "failed", "error", "running", "waiting"),
            *("incomplete", "outdated", "not_run"),
        ],
        help_text="As it and the draft are now.",
    )
    why = serializers.CharField(allow_blank=True, help_text="Why it failed, or cannot be run.")


class PlanAnswer(serializers.Serializer[Any]):
    changes = PlannedChangeEntry(many=True)
    channels = PlannedChannel(many=True)
    breaking = serializers.ListField(child=serializers.CharField())
    live_version = Version(allow_null=True)
    tests = PlannedTest(many=True, required=False, help_text="Of kinds that have test cases.")


class NotDeployed(Conflict):
    plan = PlanAnswer(required=False)
    live_version = Version(required=False, allow_null=True)


class Deploy(serializers.Serializer[Any]):
    version = Version(required=False, allow_null=True)


class Deployed(serializers.Serializer[Any]):
    """Also the entity's id by its kind: `<kind>_id`."""

    entity_id = serializers.UUIDField()
    status = serializers.CharField(help_text="`deployed`, or what the kind does next")
    version = Version()
    api_key = serializers.CharField(allow_null=True)
    channels = serializers.DictField(child=serializers.DictField())


class DeploymentFailed(Problem):
    error = serializers.CharField(required=False)
    details = serializers.CharField(required=False)
    draft_preserved = serializers.BooleanField(required=False)


class Exported(serializers.Serializer[Any]):
    format = serializers.CharField(help_text="`privexbot.draft`")
    format_version = serializers.IntegerField(min_value=1, max_value=1)
    type = serializers.CharField()
    schema_version = Version(required=False)
    name = serializers.CharField(required=False, allow_blank=True)
    exported_at = serializers.DateTimeField(required=False)
    data = Data()  # type: ignore[assignment]


class EntityRow(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    type = serializers.CharField()
    name = serializers.CharField()
    slug = serializers.CharField()
    status = serializers.CharField(help_text="`live`, or how far the kind is")
    version = Version(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    url = serializers.CharField()


class WholeEntity(EntityRow):
    data = Data()  # type: ignore[assignment]


class ReleaseRow(serializers.Serializer[Any]):
    version = Version()
    live = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    created_by = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)


LEVELS = ["ok", "warning", "error"]


class LastCheck(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    level = serializers.ChoiceField(LEVELS, help_text="The worst of what was found")


class ChannelNow(serializers.Serializer[Any]):
    """Also what somebody needs to use the channel, by its own names: `webhook_url`, `embed_code`
    and others. What else begins it has `status`, `error` and members of its own."""

    status = serializers.CharField(
        help_text="`pending`, `success`, `error` or `disabled`; `live` of what else begins it"
    )
    error = serializers.CharField(required=False, allow_blank=True)
    attempts = serializers.IntegerField(min_value=0, required=False)
    next_attempt_at = serializers.DateTimeField(required=False, allow_null=True)
    updated_at = serializers.DateTimeField(required=False)
    check = LastCheck(
        required=False,
        allow_null=True,
        help_text="What came of the last check, on demand or the hourly one; null where there was "
        "none since the channel was last connected or changed.",
    )


class DeploymentAnswer(serializers.Serializer[Any]):
    version = Version(allow_null=True)
    channels = serializers.DictField(child=ChannelNow())


class ChannelFinding(serializers.Serializer[Any]):
    level = serializers.ChoiceField(LEVELS)
    checked = serializers.CharField(help_text="What was looked at")
    found = serializers.CharField()
    remedy = serializers.CharField(allow_blank=True, help_text="What to do about it")
    action = serializers.ChoiceField(
        ["connect", "credentials", "edit"],
        allow_blank=True,
        help_text="Where that is done: `retry` of the channel, its credential, or a new draft",
    )


class ChannelCheck(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    level = serializers.ChoiceField(LEVELS, help_text="The worst of its findings")
    findings = ChannelFinding(many=True, help_text="The worst first")


def answers(success: dict[int, Any], *statuses: int, **special: Any) -> dict[Any, Any]:
    """``responses`` of an operation; ``special`` are problems with members of their own, by
    ``s<status>``."""
    own = {
        (int(name[1:]), MEDIA_TYPE): OpenApiResponse(body, description=body.__doc__ or "")
        for name, body in special.items()
    }
    return {**success, **problems(*statuses), **own}


DEPLOYING = answers(
    {200: Deployed},
    *(400, 401, 403, 404, 410, 413, 415),
    s409=NotDeployed,
    s422=NotReady,
    s503=DeploymentFailed,
)
