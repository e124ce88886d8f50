"""Asks another server over HTTP."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

import orjson
from pydantic import Field

from chatflows.executor.node import (
    Adds,
    Node,
    NodeError,
    OnlyFor,
    ReachingSettings,
    Result,
    TemplateText,
)
from chatflows.executor.ports import Request, RequestError
from chatflows.expressions.values import as_json, as_text, is_too_deep
from chatflows.nodes.template import NamedValue
from common.schema import Schema, once_each
from common.words import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatflows.executor.call import Call
    from chatflows.executor.ports import Response

_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_BREAKS = re.compile(r"[\r\n\0]")
ERROR, RETRYABLE = 400, frozenset({408, 425, 429, 500, 502, 503, 504})
# Characters of all values of a query or a form.
LARGEST_FORM = 1024 * 1024
TYPES = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "text": "text/plain; charset=utf-8",
}


class Pair(Schema):
    """A header, or a value of a query or a form; the value is a template."""

    name: str = Field(min_length=1, max_length=100, title="Name")
    value: TemplateText = Field(default="", max_length=5000, title="Value")


class HttpSettings(ReachingSettings):
    """``url`` and ``body`` are templates: what is written into an address is encoded, except where
    it begins it, and what is written into JSON is JSON. ``fields`` are what others read as
    ``{{node.name}}``, worked out from ``status``, ``headers`` and ``body`` of the response."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = Field(default="GET", title="Method")
    url: TemplateText = Field(min_length=1, max_length=2000, title="Address")
    query: Annotated[tuple[Pair, ...], Adds("Add a value")] = Field(
        default=(), max_length=50, title="Query"
    )
    headers: Annotated[tuple[Pair, ...], Adds("Add a header")] = Field(
        default=(), max_length=50, title="Headers"
    )
    credential_id: UUID | None = Field(default=None, title="Credential")
    body_type: Literal["none", "json", "form", "text"] = Field(default="none", title="Body")
    body: Annotated[TemplateText, OnlyFor(("body_type", ("json", "text")))] = Field(
        default="", max_length=50_000, title="Body's text"
    )
    form: Annotated[tuple[Pair, ...], OnlyFor(("body_type", ("form",))), Adds("Add a field")] = (
        Field(default=(), max_length=50, title="Form")
    )
    fields: Annotated[
        tuple[NamedValue, ...], once_each("name", "Two values are called {}"), Adds("Add a value")
    ] = Field(
        default=(),
        max_length=50,
        title="Values from the response",
        description="Others read them by their names, such as {{http1.price}}.",
    )

    def http_credentials(self) -> Iterator[tuple[str, UUID]]:
        if self.credential_id:
            yield "credential_id", self.credential_id


class Http(Node[HttpSettings]):
    kind = "http"
    settings = HttpSettings
    main = "body"
    outputs = ("status", "headers", "body")

    def gives(self, settings: HttpSettings) -> tuple[str, ...]:
        return (*self.outputs, *(each.name for each in settings.fields))

    async def run(self, call: Call[HttpSettings]) -> Result:
        call.budget.request()
        request = self._request(call)
        try:
            response = await call.ports.http.send(request)
        except RequestError as error:
            raise NodeError(str(error), field="url", permanent=error.permanent) from None
        output = {
            "status": response.status,
            "headers": dict(response.headers),
            "body": _body_of(response),
        }
        if response.status >= ERROR:
            words = _answered(request, response, output["body"])
            raise NodeError(words, field="url", permanent=response.status not in RETRYABLE)
        for each in call.settings.fields:
            known = {**call.known, **output}
            output[each.name] = call.value_of(each.value, f"fields.{each.name}.value", known)
        return Result(output)

    def _request(self, call: Call[HttpSettings]) -> Request:
        settings = call.settings
        url = call.text_of(settings.url, "url", _written_in_address)
        if query := _form(call, settings.query, "query"):
            url += f"{'&' if '?' in url else '?'}{query}"
        headers = dict(self._header(call, pair) for pair in settings.headers)
        body = self._body(call)
        if body is not None and "content-type" not in {name.lower() for name in headers}:
            headers["Content-Type"] = TYPES[settings.body_type]
        call.input |= {"method": settings.method, "url": url}
        credential = str(settings.credential_id) if settings.credential_id else None
        return Request(settings.method, url, headers, body, credential)

    def _header(self, call: Call[HttpSettings], pair: Pair) -> tuple[str, str]:
        path = f"headers.{pair.name}.value"
        if not _HEADER_NAME.fullmatch(pair.name):
            words = _("%(name)s cannot be the name of a header.") % {"name": pair.name}
            raise NodeError(words, field="headers")
        value = call.text_of(pair.value, path)
        if _BREAKS.search(value) or not value.isascii():
            words = _("The header %(name)s has to be one line of ASCII.") % {"name": pair.name}
            raise NodeError(words, field=path)
        return pair.name, value

    def _body(self, call: Call[HttpSettings]) -> bytes | None:
        settings = call.settings
        match settings.body_type:
            case "none":
                return None
            case "form":
                return _form(call, settings.form, "form").encode()
            case "text":
                return call.text("body").encode()
        return _json(call, settings.body)


def _answered(request: Request, response: Response, body: Any) -> str:
    """What is told of an answer that refuses."""
    told = {"method": request.method, "url": request.url, "status": response.status}
    words = _("%(method)s %(url)s answered %(status)s: %(body)s")
    return words % {**told, "body": as_text(body)[:200]}


def _written_in_address(value: object, before: str) -> str:
    """A value in an address: it may be the beginning of one, and elsewhere can only be a part."""
    return as_text(value) if not before.strip() else quote(as_text(value), safe="")


def _form(call: Call[HttpSettings], pairs: tuple[Pair, ...], name: str) -> str:
    """Names and values as an address or a form has them; raises ``NodeError``."""
    values = [call.text_of(pair.value, f"{name}.{pair.name}.value") for pair in pairs]
    if sum(map(len, values)) > LARGEST_FORM:
        words = _("All values together are longer than %(most)s characters.")
        raise NodeError(words % {"most": f"{LARGEST_FORM:,}"}, field=name)
    with call.budget.working():
        return "&".join(
            f"{quote(pair.name, safe='')}={quote(value, safe='')}"
            for pair, value in zip(pairs, values, strict=True)
        )


def _json(call: Call[HttpSettings], template: str) -> bytes:
    """The body as JSON. Where the template is JSON before anything is filled in, each of its texts
    is a template; else each value is written as JSON has it."""
    try:
        document = orjson.loads(template)
    except orjson.JSONDecodeError:
        written = call.text_of(template, "body", lambda value, _before: as_json(value))
        try:
            document = orjson.loads(written)
        except orjson.JSONDecodeError as error:
            words = _("The body is no JSON: %(why)s.") % {"why": error}
            raise NodeError(words, field="body") from None
    else:
        document = _filled(call, document)
    call.input["body"] = document
    return orjson.dumps(document)


def _filled(call: Call[HttpSettings], document: Any) -> Any:
    match document:
        case str():
            return call.value_of(document, "body")
        case list():
            return [_filled(call, each) for each in document]
        case dict():
            return {name: _filled(call, each) for name, each in document.items()}
    return document


def _body_of(response: Response) -> Any:
    """JSON where it says that it is, or is; else its text, also where it is nested too deep."""
    text = response.body.decode(errors="replace")
    if "json" in response.headers.get("content-type", "") or text[:1] in ("{", "["):
        try:
            found = orjson.loads(response.body)
        except orjson.JSONDecodeError:
            return text
        return text if is_too_deep(found) else found
    return text
