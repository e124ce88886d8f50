"""A chatbot with two bases, each searched as the chatbot wants it: in its preview and deployed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.knowledge.test_answers import bot, preview

if TYPE_CHECKING:
    from tests.knowledge.client import KnowledgeApi
    from tests.servers.model import ModelServer
    from workspaces.access import Actor

pytestmark = pytest.mark.usefixtures("worker")
RETURNS = "How many days do I have to return a purchase?"
SHOP = {
    "Shop returns": "You may return a purchase within thirty days.",
    "Shop receipts": "Keep the receipt of a purchase: without it we take nothing back.",
    "Shop parcels": "We post a parcel on the days on which the warehouse is open.",
}
HOTEL = {
    "Hotel vouchers": "A voucher is a purchase that you have fourteen days to return.",
    "Hotel minibar": "To return a purchase from the minibar you have as many days as you stay.",
    "Hotel linen": "You have three days to return a purchase of our linen, how many you took.",
    "Hotel robes": "Robes: how many days you have to return a purchase is on its label.",
}
# Counted by its words the first of each is ahead, held against the question the second.
LAUNDRY = "Do you wash linen?"
SHOP_LAUNDRY = {
    "Shop machines": "Machines wash linen.",
    "Shop laundry": "Do you wash linen? Yes, on any weekday.",
}
HOTEL_LAUNDRY = {
    "Hotel cellar": "Cellars: wash linen.",
    "Hotel laundry": "Do you wash linen? Yes, we have a laundry.",
}


class Chatbot:
    """Has both bases, and tells what its model is given to read."""

    def __init__(self, api: KnowledgeApi, actor: Actor, model: ModelServer) -> None:
        self.api, self.actor, self.model = api, actor, model
        self.bases: list[str] = []

    def has(self, texts: dict[str, str], **config: Any) -> None:
        """Is given a live base with these texts by their titles."""
        draft_id = self.api.new_draft(name=next(iter(texts)), retrieval_config=config)
        for title, text in texts.items():
            self.api.add_text(draft_id, text, title)
        self.bases.append(self.api.deployed(draft_id))
        assert self.api.indexed(self.bases[-1])["status"] == "ready"

    def reads(self, question: str, shop: dict[str, Any], hotel: dict[str, Any]) -> list[list[str]]:
        """The titles of the passages of each base, best first, when they are searched so: the same
        prompt in the preview of the draft as from the deployed chatbot."""
        attached = [
            {"kb_id": kb_id, "override_retrieval": override}
            for kb_id, override in zip(self.bases, (shop, hotel), strict=True)
        ]
        bots, draft_id = bot(self.actor, "", knowledge_bases=attached)
        preview(bots, draft_id, question)
        previewed = self._prompt()
        deployed = bots.post(f"/draft/{draft_id}/deploy").json()
        bots.key = deployed["api_key"]
        answer = bots.post(f"/{deployed['chatbot_id']}/chat", {"message": question})
        assert answer.status_code == 200, answer.content
        assert self._prompt() == previewed
        titles = re.findall(r'<passage number="\d+" title="([^"]+)"', previewed)
        return [[each for each in titles if each.startswith(name)] for name in ("Shop", "Hotel")]

    def _prompt(self) -> str:
        (chat,) = self.model.chats
        self.model.requests.clear()
        prompt: str = chat.json["messages"][0]["content"]
        return prompt


@pytest.fixture
def chatbot(api: KnowledgeApi, alice: Actor, model: ModelServer) -> Chatbot:
    return Chatbot(api, alice, model)


@pytest.fixture
def returns(chatbot: Chatbot) -> Chatbot:
    chatbot.has(SHOP)
    chatbot.has(HOTEL)
    return chatbot


def test_each_base_gives_as_many_passages_as_are_wanted_of_it(returns: Chatbot) -> None:
    shop, hotel = returns.reads(RETURNS, {"top_k": 1}, {"top_k": 3})
    assert (len(shop), len(hotel)) == (1, 3)
    shop, hotel = returns.reads(RETURNS, {"top_k": 3}, {"top_k": 1})
    assert (len(shop), len(hotel)) == (3, 1)


def test_a_base_keeps_its_places_however_well_the_other_fits(returns: Chatbot) -> None:
    by_words = {"search_method": "keyword"}
    for few, many in (({"top_k": 1}, {}), ({"top_k": 1}, {"top_k": 4})):
        found = returns.reads(RETURNS, by_words | few, by_words | many)
        assert found[0] == ["Shop returns"]
        assert sorted(found[1]) == sorted(HOTEL)


def test_bases_that_are_asked_as_they_are_set_share_the_places_of_one(chatbot: Chatbot) -> None:
    chatbot.has(SHOP, top_k=1)
    chatbot.has(HOTEL, top_k=3)
    shop, hotel = chatbot.reads(RETURNS, {}, {})
    assert len(shop) <= 1
    assert len(shop) + len(hotel) == 3


def test_what_bases_give_together_fits_one_prompt(chatbot: Chatbot, alice: Actor) -> None:
    chatbot.has(SHOP)
    chatbot.has(HOTEL)

    def errors(*wanted: int, enabled: bool = True) -> str:
        attached = [
            {"kb_id": kb_id, "override_retrieval": {"top_k": top_k}, "enabled": enabled}
            for kb_id, top_k in zip(chatbot.bases, wanted, strict=True)
        ]
        bots, draft_id = bot(alice, "", knowledge_bases=attached)
        return str(bots.post(f"/draft/{draft_id}/validate").json()["errors"])

    assert "may give 50 passages, not 60" in errors(30, 30)
    assert "passages" not in errors(30, 30, enabled=False)
    assert "passages" not in errors(30, 20)


def test_a_threshold_is_that_of_its_base(returns: Chatbot) -> None:
    strict = {"score_threshold": 0.95}
    shop, hotel = returns.reads(RETURNS, strict, {})
    assert shop == []
    assert sorted(hotel) == sorted(HOTEL)
    shop, hotel = returns.reads(RETURNS, {}, strict)
    assert shop[0] == "Shop returns"
    assert hotel == []


def test_one_is_searched_by_words_and_the_other_by_meaning(returns: Chatbot) -> None:
    question = "Receipt, or voucher?"
    words, meaning = {"search_method": "keyword"}, {"search_method": "vector", "top_k": 2}
    shop, hotel = returns.reads(question, words, meaning)
    assert shop == ["Shop receipts"]
    assert len(hotel) == 2
    shop, hotel = returns.reads(question, meaning, words)
    assert len(shop) == 2
    assert hotel == ["Hotel vouchers"]


@pytest.mark.parametrize(
    ("own", "shop", "hotel", "reranked"),
    [
        (False, None, None, False),
        (False, True, False, True),
        (False, False, True, True),
        (True, None, None, True),
        (True, False, None, False),
    ],
)
def test_all_passages_are_reranked_where_one_base_wants_it(
    chatbot: Chatbot, own: bool, shop: bool | None, hotel: bool | None, reranked: bool
) -> None:
    chatbot.has(SHOP_LAUNDRY, search_method="keyword", rerank=own)
    chatbot.has(HOTEL_LAUNDRY, search_method="keyword")
    found = chatbot.reads(LAUNDRY, {"rerank": shop}, {"rerank": hotel})
    by_words = [list(SHOP_LAUNDRY), list(HOTEL_LAUNDRY)]
    assert found == ([titles[::-1] for titles in by_words] if reranked else by_words)
