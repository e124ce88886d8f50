"""How conversations, leads and analytics are described in the API's schema. Not used to answer."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from conversations.wording import channel_labels

READ = (400, 401, 403, 404, 406, 422, 503)
CONVERSATION_ID = OpenApiParameter("conversation_id", OpenApiTypes.UUID, OpenApiParameter.PATH)
LEAD_ID = OpenApiParameter("lead_id", OpenApiTypes.UUID, OpenApiParameter.PATH)
_DAY = {"type": "string", "format": "date"}
OF_ASSISTANT = (
    OpenApiParameter("assistant", OpenApiTypes.UUID, description="Only of this assistant."),
    OpenApiParameter("channel", str, enum=channel_labels.names()),
    OpenApiParameter("since", _DAY, description="The first day."),
    OpenApiParameter("until", _DAY, description="The last day, included."),
)
WORDS = OpenApiParameter(
    "q",
    str,
    description=(
        "Only those with a message that holds all of these words, or a person of whom they are "
        "known. Words are found by their beginnings."
    ),
)
HANDOFF = OpenApiParameter(
    "handoff",
    str,
    enum=["waiting", "taken"],
    description="`waiting`: only those that wait for a person; `taken`: only those that one has.",
)
ANSWERS = OpenApiParameter(
    "answers",
    str,
    enum=["answered", "unanswered", "failed"],
    description=(
        "`answered`: only those in which everything was answered; `unanswered`: in which something "
        "was not, whatever the reason; `failed`: in which an answer failed."
    ),
)
CONSENT = OpenApiParameter(
    "consent", str, enum=["yes", "no"], description="Whether they agreed to something."
)
WITH_LEAD = OpenApiParameter("lead", str, enum=["yes", "no"], description="With a lead, or not.")
FEEDBACK = OpenApiParameter("feedback", str, enum=["up", "down"])


class AssistantRef(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    name = serializers.CharField()


class OpenHandoff(serializers.Serializer[Any]):
    """The conversation waits for a person, or has one."""

    since = serializers.DateTimeField()
    note = serializers.CharField(allow_blank=True)
    taken_by = serializers.CharField(
        allow_null=True, help_text="The member who has it; `null` while it waits."
    )


class ConversationRow(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    assistant = AssistantRef()
    channel = serializers.CharField()
    session_id = serializers.CharField()
    visitor = serializers.DictField(help_text="What the channel says of the person.")
    variables = serializers.DictField()
    first_message = serializers.CharField(allow_blank=True)
    message_count = serializers.IntegerField()
    lead_id = serializers.UUIDField(allow_null=True)
    handoff = OpenHandoff(allow_null=True)
    created_at = serializers.DateTimeField()
    last_message_at = serializers.DateTimeField()


class Citation(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    title = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)
    document_id = serializers.CharField(allow_blank=True, required=False)
    chunk_id = serializers.CharField(allow_blank=True, required=False)


class Link(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]
    url = serializers.CharField()


class Card(serializers.Serializer[Any]):
    """Stands in the message as Markdown too."""

    title = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True)
    image_url = serializers.CharField(allow_blank=True)
    link = Link(allow_null=True)


class TokenUsage(serializers.Serializer[Any]):
    prompt_tokens = serializers.IntegerField()
    completion_tokens = serializers.IntegerField()
    total_tokens = serializers.IntegerField()


class TranscriptMessage(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    role = serializers.ChoiceField(["user", "assistant", "person"])
    content = serializers.CharField(allow_blank=True)
    author = serializers.CharField(allow_null=True, help_text="The member, where a person wrote.")
    status = serializers.CharField(help_text="`whole`, `stopped`, `failed` or `replaced`")
    error = serializers.CharField(allow_blank=True)
    citations = Citation(many=True)
    sources = serializers.ListField(child=serializers.CharField())
    cards = Card(many=True)
    links = Link(many=True)
    version = serializers.IntegerField(allow_null=True)
    model = serializers.CharField(allow_blank=True)
    usage = TokenUsage()
    latency_ms = serializers.IntegerField()
    feedback = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()


class Transcript(ConversationRow):
    """A conversation with a page of what was said in it, oldest first. The first page is the last
    one that was said; ``next`` is the one before it."""

    messages = TranscriptMessage(many=True)
    next = serializers.CharField(allow_null=True)


class LeadRow(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    assistant = AssistantRef()
    conversation_id = serializers.UUIDField(allow_null=True)
    channel = serializers.CharField(allow_null=True)
    fields = serializers.DictField()  # type: ignore[assignment]
    variables = serializers.DictField(help_text="Variables that became known in the conversation.")
    consent = serializers.CharField(allow_blank=True)
    created_at = serializers.DateTimeField()


class Counts(serializers.Serializer[Any]):
    conversations = serializers.IntegerField()
    messages = serializers.IntegerField()
    answers = serializers.IntegerField()
    failed = serializers.IntegerField()
    unanswered = serializers.IntegerField(help_text="Failed ones among them.")
    prompt_tokens = serializers.IntegerField()
    completion_tokens = serializers.IntegerField()
    helpful = serializers.IntegerField()
    not_helpful = serializers.IntegerField()
    leads = serializers.IntegerField()


class Totals(Counts):
    latency_p50_ms = serializers.FloatField(allow_null=True)
    latency_p95_ms = serializers.FloatField(allow_null=True)


class CountsOfDay(Totals):
    date = serializers.DateField()


class CountsOfChannel(serializers.Serializer[Any]):
    channel = serializers.CharField()
    conversations = serializers.IntegerField()
    messages = serializers.IntegerField()


class CountsOfModel(serializers.Serializer[Any]):
    """An answer for which several models were asked counts with the last of them. Prices and cost
    are `null` where nobody said what the model costs."""

    model = serializers.CharField()
    answers = serializers.IntegerField()
    prompt_tokens = serializers.IntegerField()
    completion_tokens = serializers.IntegerField()
    usd_per_million_in = serializers.CharField(allow_null=True, help_text="Decimal text.")
    usd_per_million_out = serializers.CharField(allow_null=True, help_text="Decimal text.")
    cost_usd = serializers.CharField(allow_null=True, help_text="Decimal text.")


class AnalyticsAnswer(serializers.Serializer[Any]):
    totals = Totals()
    days = CountsOfDay(many=True)
    channels = CountsOfChannel(many=True)
    models = CountsOfModel(many=True)


class UnansweredRow(serializers.Serializer[Any]):
    message_id = serializers.UUIDField(help_text="The answer that was none.")
    conversation_id = serializers.UUIDField()
    assistant = AssistantRef()
    channel = serializers.CharField()
    question = serializers.CharField(allow_blank=True, help_text="At most 500 characters.")
    answer = serializers.CharField(allow_blank=True)
    reason = serializers.ChoiceField(
        ["failed", "not_found", "not_used"],
        help_text=(
            "`failed`: the answer failed; `not_found`: the knowledge bases hold nothing about it; "
            "`not_used`: passages were found, and the answer rests on none of them."
        ),
    )
    created_at = serializers.DateTimeField()
