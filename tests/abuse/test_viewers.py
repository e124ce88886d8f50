"""What a viewer may do by requests that no page offers: nothing, at any address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django_redis import get_redis_connection

from chatflows.runs import pinning
from chatflows.runs.bodies import PinBody
from tests.abuse.routes import routes
from tests.abuse.test_routes import ask, text_of
from workspaces.models import Role

if TYPE_CHECKING:
    from tests.abuse.scene import Scene
    from tests.servers.model import ModelServer

UNSAFE = ("post", "put", "patch", "delete")
# One's own affair, and what only leads on.
ONES_OWN = ("/settings/general/leave/", "/first-steps/", "<slug:workspace>/settings/")
# What somebody wrote to try a draft, and what came of it.
OF_EDITORS = ("/runs", "/runs/<str:run_id>", "/pins", "/reads")
PINNED = "PINNED-CANARY"


def test_a_viewer_changes_nothing_and_sees_no_secret(home: Scene, model: ModelServer) -> None:
    """Nor the address that starts a flow, nor what others said to a draft and what it gave."""
    flow, node = home.values["flow_draft_id"], home.values["node_id"]
    pinning.pin(home.owner, flow, node, PinBody(output={"message": PINNED}))
    secrets = [*home.canaries, home.values["hook_token"], PINNED]
    browser, broken, before = home.client(Role.VIEWER), list[Any](), _kept()
    for route in filter(lambda r: r.is_of_a_workspace, routes()):
        path = route.path(home)
        if not route.pattern.endswith(ONES_OWN):
            statuses = {method: ask(browser, method, path).status_code for method in UNSAFE}
            broken += [(route.pattern, statuses)] * (
                not {403, 404, 405}.issuperset(statuses.values())
            )
        answer = ask(browser, "get", path)
        if any(each in text_of(answer) for each in secrets):
            broken.append((route.pattern, "tells"))
        if route.pattern.endswith(OF_EDITORS) and answer.status_code != 403:
            broken.append((route.pattern, answer.status_code))
    assert broken == []
    assert model.chats == []
    assert _kept() == before


def _kept() -> dict[str, Any]:
    """The drafts, and what lies beside them."""
    redis, mine = get_redis_connection("drafts"), (b"draft:", b"run:", b"pins:", b"job:")
    keys = [key for key in redis.scan_iter("*") if key.startswith(mine)]
    return {key.decode(): redis.dump(key) for key in sorted(keys)}
