"""Secrets are refused with advice; prose about secrets is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from common.problems import Problem
from drafts import creating, editing, secret_detector

if TYPE_CHECKING:
    from tests.drafts.notes import NoteDraft
    from workspaces.access import Actor

SECRETS = {
    "telegram": "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1",
    "discord": "MTA1NjQyMzE4ODk5NDE2ODgzMg.G3x9aB.q8kZ1yXwVuTsRqPoNmLkJiHgFeDcBa98765432",
    "openai": "sk-proj-Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z",
    "openai old": "sk-abcdefghij0123456789ABCDEFGHIJ0123456789abcdefgh",
    "anthropic": "sk-ant-api03-Zx9_yW8vUt7sRq6pOn5mLk4jIh3gFe2dCb1a0ZyXwVu",
    "meta": "EAAGm0PX4ZCpsBAKZCxkV7nZBnZAQ3ZCqZBZAZA1234567890abcdef",
    "aws": "AKIAIOSFODNN7EXAMPLE",
    "google": "AIzaSyA1234567890abcdefghijklmnopqrstuv",
    "github": "ghp_1234567890abcdefghijklmnopqrstuvwxyz",
    "slack": "xoxb-123456789012-abcdefghijklmnop",
    "pem": "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA",
    "openssh": "-----BEGIN OPENSSH PRIVATE KEY-----",
    "telegram in an address": "https://api.telegram.org/bot123456789:"
    "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1/sendMessage",
    "discord webhook": "https://discord.com/api/webhooks/123456789012345678/" + "Ab3-_" * 12,
    "github fine-grained": "github_pat_" + "11ABCDEFG0" * 8,
    "gitlab": "glpat-Ab3dEf6hIj9kLm2nOp5q",
    "npm": "npm_" + "aB3d" * 9,
    "hugging face": "hf_" + "aB3d" * 9,
    "stripe": "sk_live_" + "aB3d" * 6,
    "sendgrid": "SG.Ab3dEf6hIj9kLm2nOp5qRs." + "Ab3dEf6hIj" * 4,
    "jwt": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    "pgp": "-----BEGIN PGP PRIVATE KEY BLOCK-----",
    "an address with a password": "postgres://app:S3cretPassw0rd@db.internal/app",
    "openai behind a name": "KEY_sk-proj-Ab3dEf6hIj9kLm2nOp5qRs8tUv1wXy4z",
    "our own": "pxb_abcdefghjk_" + "Ab3-_" * 8 + "xyz",
}
HARMLESS = [
    "Never ask for passwords, tokens or API keys such as sk-… or AKIA….",
    "Write sk-learn-style-pipelines-for-everybody and sk-SK for Slovak.",
    "The order 123456789:12 is late. Ratio 10:30, call 0123456789.",
    "Ask-me-anything-2024-edition-of-the-handbook is a title; task-2024-of-list too.",
    "Open https://example.com:8080/a@b or mail jane.doe@example.com: she answers.",
    "Discord webhooks are made at https://discord.com/developers/docs/resources/webhook.",
    "EAA is the European Accessibility Act. EAAAAA!",
    "See docs.example.com/a.b.c/very-long-path-without-any-spaces-in-it-at-all.html",
    "Visit https://www.my-quite-long-subdomain-name.export.another-rather-long-domain.example",
    "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
    "-----BEGIN PUBLIC KEY-----",
    "AKIAsomething is not a key",
    "a" * 200,
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
]


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize("text", ["{}", "Use {} for this.", "key={}", "Bearer\n{}\n"])
def test_a_secret_is_refused_and_never_repeated(secret: str, text: str) -> None:
    with pytest.raises(Problem) as refused:
        secret_detector.check({"look": {"texts": ["fine", text.format(secret)]}})
    assert refused.value.status == 422
    assert [error.path for error in refused.value.errors] == ["data.look.texts.1"]
    assert "Credentials" in refused.value.detail
    assert secret not in str(refused.value.body())


@pytest.mark.parametrize("text", HARMLESS)
def test_prose_is_not_taken_for_a_secret(text: str) -> None:
    secret_detector.check({"system_prompt": text, "max_tokens": 5, "note": [text]})


def test_a_random_value_is_a_secret_where_the_name_says_so() -> None:
    random = "f9Zq2LkP7vXs4TnB8wYd1RjC6hMg3KaEu5QoVi0e"
    for name in ("bot_token", "api_key", "apikey", "client_secret", "password"):
        with pytest.raises(Problem):
            secret_detector.check({name: random})
    secret_detector.check({"text": random})
    secret_detector.check({"bot_token": "3f2504e0-4f89-11d3-9a0c-0305e82c3301"})


def test_secrets_are_refused_wherever_data_comes_in(notes: NoteDraft, alice: Actor) -> None:
    secret = SECRETS["telegram"]
    draft = creating.create(alice, notes, {"name": "N"})
    exported = editing.export(alice, notes, draft.id)
    ways: list[Any] = [
        lambda: creating.create(alice, notes, {"text": secret}),
        lambda: editing.patch(alice, notes, draft.id, {"sections": {"a": {"text": secret}}}),
        lambda: editing.patch(alice, notes, draft.id, {"labels": {secret: 1}}),
        lambda: creating.import_(alice, notes, exported | {"data": {"text": secret}}),
    ]
    for way in ways:
        with pytest.raises(Problem) as refused:
            way()
        assert refused.value.status == 422
