"""Reading Google Docs, from a server that answers as Google does."""

from __future__ import annotations

import logging

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from knowledge.remote.google_markdown import cleaned
from knowledge.sources.base import StoppedError, UnreadError
from tests.knowledge.remote.reader import Reader
from tests.servers.faults import GARBAGE, Answer, busy
from tests.servers.google import TOKEN, GoogleServer, key_file, refusal

MANUAL = "# **Coffee machine**\n\nDescale it every three months\\.\n"


@pytest.fixture
def reader() -> Reader:
    return Reader("google", service_account=key_file())


def test_a_document_with_a_service_account(google: GoogleServer, reader: Reader) -> None:
    file_id = google.document("Manual", MANUAL)
    parsed = reader.read("google_docs", file_id=file_id)
    (page,) = parsed.pages
    assert (parsed.title, page.title) == ("Manual", "")
    assert page.text == "# Coffee machine\n\nDescale it every three months."
    assert page.url == f"https://docs.google.com/document/d/{file_id}/edit?usp=drivesdk"
    assert google.asked[0] == "/token"


def test_a_document_with_an_access_token(google: GoogleServer) -> None:
    file_id = google.document("Manual", MANUAL)
    parsed = Reader("google", access_token=TOKEN).read("google_docs", file_id=file_id)
    assert "three months" in parsed.pages[0].text
    assert "/token" not in google.asked


def test_plain_text_where_there_is_no_markdown(google: GoogleServer, reader: Reader) -> None:
    google.no_markdown = True
    file_id = google.document("Manual", MANUAL, "Coffee machine\r\n\r\nDescale it.")
    parsed = reader.read("google_docs", file_id=file_id)
    assert parsed.pages[0].text == "Coffee machine\n\nDescale it."
    assert reader.notes == ["Google gave plain text alone, without headings."]


def test_plain_text_where_pictures_make_it_too_large(google: GoogleServer, reader: Reader) -> None:
    google.largest = 1000
    file_id = google.document("Manual", MANUAL + "[image1]: <data:" + "A" * 1000, "Descale it.")
    assert reader.read("google_docs", file_id=file_id).pages[0].text == "Descale it."
    google.largest = 5
    with pytest.raises(UnreadError, match="up to 10 MB"):
        reader.read("google_docs", file_id=file_id)


def test_an_answer_that_is_larger_than_any_export(google: GoogleServer, reader: Reader) -> None:
    google.largest = 20_000_000
    file_id = google.document("Manual", "x" * 11_000_000)
    with pytest.raises(UnreadError, match="more than 10 MB"):
        reader.read("google_docs", file_id=file_id)


def test_other_files(google: GoogleServer, reader: Reader) -> None:
    sheet = google.document("Prices", "", type_="application/vnd.google-apps.spreadsheet")
    with pytest.raises(UnreadError, match="no document of Google Docs"):
        reader.read("google_docs", file_id=sheet)
    with pytest.raises(UnreadError, match="holds no text"):
        reader.read("google_docs", file_id=google.document("Empty", " \n"))


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (refusal(401, "authError", f"{TOKEN} is bad"), "does not take the token"),
        (refusal(403, "accessNotConfigured", "No."), "is switched off in the account's"),
        (refusal(403, "cannotDownloadFile", "No."), "may not download"),
        (refusal(404, "notFound", "No."), "not shared with the account"),
        (Answer(418, {}), r"refused the request \(418\)"),
        (GARBAGE, "cannot be understood"),
        (busy(600), "wants no more requests for 600 seconds"),
    ],
    ids=str,
)
def test_refusals_say_what_to_do_and_no_secret(
    google: GoogleServer, caplog: pytest.LogCaptureFixture, fault: Answer, words: str
) -> None:
    caplog.set_level(logging.DEBUG)
    google.faults.append(fault)
    with pytest.raises(UnreadError, match=words) as raised:
        Reader("google", access_token=TOKEN).read("google_docs", file_id="x" * 44)
    assert TOKEN not in f"{raised.value} {caplog.text}"


def test_a_busy_service_is_given_time(google: GoogleServer, reader: Reader) -> None:
    file_id = google.document("Manual", MANUAL)
    google.faults.extend([busy(0), busy(status=500)])
    assert reader.read("google_docs", file_id=file_id).pages
    google.faults.append(refusal(403, "userRateLimitExceeded", "Slow down."))
    assert Reader("google", access_token=TOKEN).read("google_docs", file_id=file_id).pages


def other_key() -> str:
    made = Ed25519PrivateKey.generate()
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "holds neither"),
        ({"access_token": "ya29.ä"}, "characters that no token has"),
        ({"service_account": "AIza…"}, "not the JSON file"),
        ({"service_account": "[]"}, "not the JSON file"),
        ({"service_account": '{"client_email": "a@b"}'}, "not the JSON file"),
        ({"service_account": key_file(private_key="secret")}, "not the JSON file"),
        ({"service_account": key_file(private_key=other_key())}, "not the JSON file"),
    ],
    ids=["nothing", "not ASCII", "no JSON", "a list", "no key", "no PEM", "not RSA"],
)
def test_credentials_that_cannot_be_used(
    google: GoogleServer, given: dict[str, str], words: str
) -> None:
    with pytest.raises(UnreadError, match=words):
        Reader("google", **given).read("google_docs", file_id="x" * 44)
    assert google.asked == []


def test_a_key_that_google_does_not_take(google: GoogleServer) -> None:
    wrong = Reader("google", service_account=key_file(client_email="other@example.com"))
    with pytest.raises(UnreadError, match="it was deleted or its account"):
        wrong.read("google_docs", file_id="x" * 44)
    google.faults.append(Answer(401, {"error": "invalid_client"}))
    with pytest.raises(UnreadError, match="Store a new one"):
        wrong.read("google_docs", file_id="x" * 44)


def test_it_stops(google: GoogleServer) -> None:
    file_id = google.document("Manual", MANUAL)
    for stop_after in (0, 2, 4):
        reader = Reader("google", service_account=key_file())
        reader.stop_after = stop_after
        with pytest.raises(StoppedError):
            reader.read("google_docs", file_id=file_id)


def test_what_is_only_there_for_looks_goes() -> None:
    exported = (
        "# **Coffee machine** {#coffee-machine}\r\n\r\n![][image1]\r\n\r\n"
        "Descale it every 3\\-4 months\\. Costs 5 € \\+ tax\\! snake\\_case\n\n"
        "1\\. Not a list\n\n\\# not a heading\n\n"
        "```\na\\.b\n```\n\n![A picture](data:image/png;base64,AAAA) here\n\n"
        "[image1]: <data:image/png;base64,iVBORw0KGgo>\n"
    )
    assert cleaned(exported) == (
        "# Coffee machine\n\nDescale it every 3-4 months. Costs 5 € + tax! snake_case\n\n"
        "1. Not a list\n\n\\# not a heading\n\n```\na\\.b\n```\n\nA picture here"
    )
