"""Flows that wait for somebody, and test cases that are played, in a product that is killed."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count, pairwise
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.servers.model import Reply
from tests.support.product import Product, free_port, wait_until
from workspaces.demo import EMAIL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.servers.model import ModelServer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")


def chain(name: str, *nodes: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A flow of nodes that follow one another, from a start on."""
    whole = [{"id": "start", "type": "trigger"}, *nodes]
    edges = [
        {"id": f"e{number}", "source": one["id"], "target": other["id"]}
        for number, (one, other) in enumerate(pairwise(whole))
    ]
    return {"name": name, "nodes": whole, "edges": edges, **more}


def node(node_id: str, kind: str, **data: Any) -> dict[str, Any]:
    return {"id": node_id, "type": kind, "data": data}


ASKS = (
    node("ask", "collect_input", question="Your order's number?"),
    node("answer", "llm", prompt="Look for {{ask}}"),
    node("end", "response", message="{{ask}}: {{answer}}"),
)
INNER = chain(
    "Inner",
    node("name", "collect_input", question="Your name?"),
    node("order", "collect_input", question="Your order's number?"),
    node("end", "response", message="{{name}} wants {{order}}."),
)
HANDS_OVER = chain(
    "Hands over",
    node("desk", "handoff", message="A colleague comes."),
    node("end", "response", message="They said: {{desk}}"),
)


@pytest.fixture(scope="module")
def product(
    tmp_path_factory: pytest.TempPathFactory, _running_model_server: ModelServer
) -> Iterator[Product]:
    started = Product(tmp_path_factory.mktemp("flows") / "var", free_port())
    started.env["LLM_BASE_URL"] = _running_model_server.url
    started.start()
    yield started
    started.end()


@pytest.fixture(scope="module")
def key(product: Product) -> str:
    """One that may build."""
    return product.manage("api_key", "--workspace", "demo").strip()


@pytest.fixture
def manager(product: Product, key: str) -> Flows:
    return Flows(product, key)


class Flows:
    """The product's API, by one key."""

    def __init__(self, product: Product, key: str) -> None:
        self.url = f"{product.url}/api/v1"
        self.headers = {"Authorization": f"Bearer {key}"}

    def drawn(self, document: dict[str, Any]) -> str:
        """Where the new draft of a flow is."""
        return f"/chatflows/draft/{self.post('/chatflows/draft', **document)['draft_id']}"

    def deployed(self, document: dict[str, Any]) -> Any:
        """What the deploy of a new flow answers."""
        return self.post(f"{self.drawn(document)}/deploy")

    def get(self, path: str) -> Any:
        return self._answer(httpx.get(self.url + path, headers=self.headers, **OPTIONS))

    def post(self, path: str, **body: Any) -> Any:
        answer = httpx.post(self.url + path, json=body, headers=self.headers, **OPTIONS)
        return self._answer(answer)

    def _answer(self, answer: httpx.Response) -> Any:
        assert answer.is_success, answer.text
        return answer.json()


OPTIONS: dict[str, Any] = {"trust_env": False, "timeout": 60}


class Visitor:
    """Talks to a flow that is live."""

    def __init__(self, product: Product, live: Any) -> None:
        self.api, self.chat = Flows(product, live["api_key"]), f"/chatflows/{live['chatflow_id']}"
        self.session: dict[str, str] = {}

    def say(self, message: str) -> str:
        answer = self.api.post(f"{self.chat}/chat", message=message, **self.session)
        self.session = {"session_id": answer["session_id"]}
        return str(answer["message"])


class Member:
    """The demo's owner in a browser, at a conversation in the inbox."""

    def __init__(self, product: Product, page: httpx.Client, conversation_id: str) -> None:
        self.page, self.inbox = page, f"/w/demo/inbox/{conversation_id}"
        page.get("/accounts/login/")
        password = (product.data_dir / "demo_login").read_text()
        self._post("/accounts/login/", login=EMAIL, password=password)

    def answer(self, text: str) -> None:
        self._post(f"{self.inbox}/answer/", text=text)

    def give_back(self) -> None:
        self._post(f"{self.inbox}/give-back/")

    def _post(self, path: str, **data: str) -> None:
        token = {"X-CSRFToken": self.page.cookies["csrftoken"]}
        answer = self.page.post(path, data=data, headers=token)
        assert answer.status_code == httpx.codes.FOUND, answer.text


@contextmanager
def killed_in_the_midst(product: Product, work: Callable[[], object]) -> Iterator[None]:
    """The product dies at the block's end, while somebody has it do ``work``; then it is back."""
    with ThreadPoolExecutor(1) as beside:
        lost = beside.submit(work)
        yield
        product.end()
        assert isinstance(lost.exception(30), httpx.TransportError)
    product.start()


def test_a_conversation_that_waits_goes_on(
    product: Product, manager: Flows, model: ModelServer
) -> None:
    visitor = Visitor(product, manager.deployed(chain("Asks", *ASKS)))
    draft = manager.drawn(chain("Asks", *ASKS))
    tried = manager.post(f"{draft}/execute", input="Where is it?")
    assert tried["output"] == visitor.say("Where is it?") == "Your order's number?"
    runs = node("sub1", "subflow", chatflow_id=manager.deployed(INNER)["chatflow_id"])
    says = node("end", "response", message="Back with {{sub1 | length}} letters.")
    outer = Visitor(product, manager.deployed(chain("Outer", runs, says)))
    assert [outer.say("Hi"), outer.say("Ana")] == ["Your name?", "Your order's number?"]

    product.end()
    product.start()

    said = "Your name?\n\nYour order's number?\n\nAna wants 17."
    assert outer.say("17") == f"Ana wants 17.\n\nBack with {len(said)} letters."
    model.reply("on its way", Reply("never told", hang=True), "in Graz")
    again = {"input": "A1", "session_id": tried["session_id"]}
    assert manager.post(f"{draft}/execute", **again)["output"] == "A1: on its way"

    before = len(model.chats)
    with killed_in_the_midst(product, lambda: visitor.say("B2")):
        wait_until(lambda: len(model.chats) > before)

    assert visitor.say("B2") == "B2: in Graz"
    assert model.chats[-1].prompt.strip() == "Look for B2"


def test_a_conversation_that_people_have_goes_on_and_holds_what_was_said_once(
    product: Product, manager: Flows, model: ModelServer
) -> None:
    visitor = Visitor(product, manager.deployed(HANDS_OVER))
    assert [visitor.say("Help!"), visitor.say("It is urgent.")] == ["A colleague comes.", ""]
    waits = manager.get("/conversations?handoff=waiting")["results"][0]["id"]
    draft = manager.drawn(chain("Tested", *ASKS, test_cases=CASES))
    model.when("Look for A1", Reply(hang=True))
    manager.post(f"{draft}/tests/run")
    wait_until(lambda: bool(model.chats))

    product.end()
    model.reset()
    product.start()

    def tests() -> Any:
        return manager.get(f"{draft}/tests")

    # Nobody else has to do anything for the cases that were being played.
    wait_until(lambda: tests()["status"] == "done")
    assert (tests()["passed"], tests()["error"]) == (2, None)
    assert manager.post(f"{draft}/tests/run")["status"] in ("running", "done")

    answers = list[str]()
    with httpx.Client(base_url=product.url, **OPTIONS) as page:
        member = Member(product, page, waits)

        def answer_on_and_on() -> None:
            for number in count():
                member.answer(f"Answer {number}")
                answers.append(f"Answer {number}")

        with killed_in_the_midst(product, answer_on_and_on):
            wait_until(lambda: len(answers) > 2)

        assert visitor.say("Still there?") == ""
        member.answer("The last")
        member.give_back()

    said = manager.get(f"/conversations/{waits}?limit=100")["messages"]
    by_people = [each["content"] for each in said if each["role"] == "person"]
    # The one that was under way may have been kept, though nobody was told so.
    assert by_people in ([*answers, "The last"], [*answers, f"Answer {len(answers)}", "The last"])
    by_visitor = [each["content"] for each in said if each["role"] == "user"]
    assert by_visitor == ["Help!", "It is urgent.", "Still there?"]
    told = "\n\n".join(by_people)
    assert visitor.say("Thanks") == f"They said: {told}"
    assert manager.get("/conversations?handoff=waiting")["results"] == []
    wait_until(lambda: tests()["status"] == "done")


CASES = [
    {"id": "one", "name": "One", "messages": ["Hi", "A1"], "expectations": []},
    {"id": "two", "name": "Two", "messages": ["Hi"], "expectations": []},
]
