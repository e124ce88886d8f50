"""How knowledge's part of the API is described in the schema. Nothing here is used to answer."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

SOURCE_ID = OpenApiParameter("source_id", str, OpenApiParameter.PATH)
NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH)


class Source(serializers.Serializer[Any]):
    """One source; what it has besides depends on its `type`."""

    id = serializers.CharField()
    type = serializers.CharField()
    name = serializers.CharField(required=False, allow_blank=True)
    status = serializers.ChoiceField(["pending", "parsing", "ready", "failed"], required=False)
    error = serializers.CharField(allow_null=True, required=False)
    pages = serializers.IntegerField(required=False)
    characters = serializers.IntegerField(required=False)
    content_hash = serializers.CharField(allow_null=True, required=False)


class Sources(serializers.Serializer[Any]):
    sources = Source(many=True)


class Upload(serializers.Serializer[Any]):
    file = serializers.ListField(child=serializers.FileField())


class NewText(serializers.Serializer[Any]):
    name = serializers.CharField(required=False, allow_blank=True)
    content = serializers.CharField()
    format = serializers.ChoiceField(["markdown", "text"], required=False)


class NewWebsite(serializers.Serializer[Any]):
    url = serializers.URLField()
    crawl_config = serializers.DictField(required=False)


class SourcePatch(serializers.Serializer[Any]):
    """The members to change."""

    name = serializers.CharField(required=False, allow_blank=True)
    enabled = serializers.BooleanField(required=False)
    annotations = serializers.DictField(required=False)
    chunking_config = serializers.DictField(required=False, allow_null=True)


class PageRow(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    title = serializers.CharField(allow_blank=True)
    url = serializers.CharField(allow_blank=True)
    text = serializers.CharField(allow_blank=True, help_text="As it is indexed.")
    original = serializers.CharField(allow_blank=True, help_text="As it was read.")
    edited = serializers.BooleanField()
    approved = serializers.BooleanField()


class PagePatch(serializers.Serializer[Any]):
    text = serializers.CharField(required=False, allow_blank=True)
    approved = serializers.BooleanField(required=False)
