"""Programs get problems, people get pages, nobody gets a traceback."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest
from redis import ConnectionError as RedisConnectionError

from common.problems import gone
from privexbot.env import DATA_DIR
from privexbot.errors import server_error
from privexbot.middleware import Errors

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from django.test import Client, RequestFactory
    from pytest_django.fixtures import Settings

    from tests.support.live import Live

FOR_PROGRAMS = ["/api/v1/nothing", "/api/nothing", "/v1/nothing", "/widget/nothing"]


@pytest.mark.parametrize("path", FOR_PROGRAMS)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_address_is_a_problem_to_a_program(live: Live, method: str, path: str) -> None:
    answer = httpx.request(method, live.url + path)

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:privexbot:problem:not-found"


def test_an_unknown_address_is_a_page_to_a_person(live: Live) -> None:
    answer = httpx.get(f"{live.url}/nothing")

    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/html")


def test_a_method_that_is_not_there_names_those_that_are(live: Live) -> None:
    answer = httpx.delete(f"{live.url}/api/schema/")

    assert answer.status_code in {401, 405}
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("host", ["a.test, b.test", "a b" * 1000])
@pytest.mark.parametrize("path", ["/", "/api/v1/nothing"])
def test_a_wrong_host_is_one_short_line_in_the_log(live: Live, path: str, host: str) -> None:
    log = DATA_DIR / "log" / f"web-{live.port}.log"
    before = len(log.read_text())

    assert httpx.get(live.url + path, headers={"Host": host}).status_code == 400

    (line,) = log.read_text()[before:].splitlines()
    assert "DisallowedHost: Invalid HTTP_HOST header: " in line
    assert len(line) < 300


def test_a_body_that_is_too_large_is_a_problem(live: Live) -> None:
    answer = httpx.post(f"{live.url}/api/v1/nothing", content=b"x" * (65 * 1024 * 1024))

    assert answer.status_code == 413
    assert answer.json()["status"] == 413


def test_a_header_with_an_underscore_is_dropped(live: Live) -> None:
    headers = {"X_Forwarded_Proto": "https", "Host": "localhost"}

    assert httpx.get(f"{live.url}/healthz", headers=headers).status_code == 200


def test_a_problem_that_a_page_raises_is_told_to_the_person(rf: RequestFactory) -> None:
    response = Errors(unused).process_exception(rf.get("/w/acme/"), gone("The draft expired."))

    assert response is not None
    assert response.status_code == 410
    assert b"The draft expired." in response.content


@pytest.mark.parametrize(
    ("path", "kind"), [("/api/v1/x", "application/problem+json"), ("/", "text/html")]
)
def test_a_store_that_is_away_is_told_as_such(rf: RequestFactory, path: str, kind: str) -> None:
    response = raised(rf.get(path), RedisConnectionError("connecting to /secret/path failed"))

    assert response.status_code == 503
    assert response.headers["Content-Type"].startswith(kind)
    assert response.headers["Retry-After"]
    assert b"/secret/path" not in response.content
    assert b"othing was lost" in response.content


@pytest.mark.parametrize("path", ["/api/v1/x", "/"])
def test_a_fault_of_ours_is_told_without_details(rf: RequestFactory, path: str) -> None:
    response = raised(rf.get(path), RuntimeError("the key is sk-123"))

    assert response.status_code == 500
    assert b"sk-123" not in response.content


@pytest.mark.django_db
def test_a_forged_host_is_refused(client: Client, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["bot.example.com"]

    assert client.get("/accounts/login/", headers={"host": "evil.example.com"}).status_code == 400


def unused(request: HttpRequest) -> HttpResponse:
    raise AssertionError


def raised(request: HttpRequest, error: Exception) -> HttpResponse:
    try:
        raise error
    except type(error):
        return server_error(request)
