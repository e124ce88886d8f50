"""What a site's owner copies, the script behind it, and the hosted page."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from channels_deploy import connecting, script, told
from tests.channels_deploy.conftest import Website, on_website
from tests.conversations.conftest import released

if TYPE_CHECKING:
    from django.test import Client

    from workspaces.models import Workspace

pytestmark = pytest.mark.django_db


def result(shop: Website) -> dict[str, Any]:
    return told.results(shop.entity)["website"]


def test_the_embed_code_is_two_tags(shop: Website) -> None:
    found = result(shop)
    key = shop.connection.public_key
    assert found["embed_code"] == (
        f"<script>window.privexbotConfig = {{botId: '{shop.entity.pk}', key: '{key}'}};</script>\n"
        f'<script src="{settings.PUBLIC_URL}/widget.js" async></script>'
    )
    assert found["allowed_domains"] == ["shop.example", "*.shop.example"]
    assert found["hosted_url"] == f"{settings.PUBLIC_URL}/c/{shop.entity.slug}"
    assert (found["status"], found["public_key"], found["error"]) == ("success", key, "")


def test_the_embed_code_says_how_the_launcher_looks(acme: Workspace) -> None:
    look = {"primary_color": "#B71C1C", "theme": "auto"}
    website = {"type": "website", "config": {"widget_position": "bottom-left"}}
    shop = on_website(acme, appearance=look, deployment={"channels": [website]})
    assert (
        "primary_color: '#B71C1C', theme: 'auto', position: 'bottom-left'}"
        in result(shop)["embed_code"]
    )


def test_nothing_in_a_release_gets_out_of_the_embed_code(shop: Website) -> None:
    evil = "</script><script>alert('x')//\\"
    released(shop.entity, {"appearance": {"primary_color": evil}})
    code = result(shop)["embed_code"]
    assert code.count("<script") == 2
    assert "alert" not in code


def test_a_channel_that_is_off_has_no_code(shop: Website) -> None:
    connecting.sync(shop.entity, {})
    assert result(shop)["status"] == "disabled"
    assert "embed_code" not in result(shop)


def test_the_newest_script_is_for_every_page(client: Client) -> None:
    response = client.get("/widget.js", headers={"Accept-Encoding": "br, gzip"})
    body = script.FILE.read_bytes()
    assert response.status_code == 200
    assert gzip.decompress(response.content) == body
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert response["Content-Encoding"] == "gzip"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Accept-Encoding" in response["Vary"]
    assert "max-age=300" in response["Cache-Control"]
    plain = client.get("/widget.js")
    assert plain.content == body
    again = client.get("/widget.js", headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    weak = client.get("/widget.js", headers={"If-None-Match": f'"x", W/{response["ETag"]}'})
    assert weak.status_code == 304
    assert client.post("/widget.js").status_code == 405


def test_a_pinned_script_is_the_one_whose_sum_is_in_the_page(shop: Website, client: Client) -> None:
    code = result(shop)["embed_code_pinned"]
    found = re.search(r'src="([^"]+)" integrity="sha384-([^"]+)" crossorigin="anonymous"', code)
    assert found is not None
    response = client.get(found[1].removeprefix(settings.PUBLIC_URL))
    assert base64.b64encode(hashlib.sha384(response.content).digest()).decode() == found[2]
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"


def test_many_may_keep_the_same_script_at_once() -> None:
    kept = script.KEPT / f"{script.built().version}.js"
    start = threading.Barrier(8)

    def keep(_number: int) -> str:
        start.wait()
        return script.pinned_url()

    with ThreadPoolExecutor(8) as pool:
        for _ in range(10):
            kept.unlink(missing_ok=True)
            assert len(set(pool.map(keep, range(8)))) == 1
            assert kept.read_bytes() == script.built().body


def test_a_pinned_script_outlives_an_upgrade(client: Client) -> None:
    old = "0123456789ab"
    script.KEPT.mkdir(parents=True, exist_ok=True)
    (script.KEPT / f"{old}.js").write_text("the old one")
    assert client.get(f"/widget.{old}.js").content == b"the old one"
    assert client.get("/widget.ba9876543210.js").status_code == 404
    assert client.get("/widget.../../x.js").status_code == 404


def test_the_hosted_page_shows_the_chat_under_a_strict_policy(
    shop: Website, client: Client
) -> None:
    response = client.get(f"/c/{shop.entity.slug}")
    assert response.status_code == 200
    page = response.content.decode()
    assert f'data-endpoint="/widget/v1/{shop.connection.public_key}"' in page
    assert "<title>Helper</title>" in page
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", page)


def test_the_hosted_page_of_a_private_assistant_is_not_listed(
    shop: Website, acme: Workspace, client: Client
) -> None:
    private = client.get(f"/c/{shop.entity.slug}")
    assert private["X-Robots-Tag"] == "noindex"
    assert b'<meta name="robots" content="noindex">' in private.content
    public = client.get(f"/c/{on_website(acme, visibility='public').entity.slug}")
    assert "X-Robots-Tag" not in public
    assert b"noindex" not in public.content


def test_there_is_no_hosted_page_while_the_channel_is_off(shop: Website, client: Client) -> None:
    connecting.sync(shop.entity, {})
    for address in (f"/c/{shop.entity.slug}", "/c/nobody"):
        gone = client.get(address)
        assert gone.status_code == 404
        # In words for a visitor, who knows no workspaces.
        assert "This chat is not here" in gone.content.decode()
        assert "workspace" not in gone.content.decode()


def test_what_an_assistant_is_called_stays_text(acme: Workspace, client: Client) -> None:
    shop = on_website(acme, name="<script>alert(1)</script>")
    page = client.get(f"/c/{shop.entity.slug}").content
    assert b"<script>alert" not in page


def test_search_engines_read_the_first_words_as_somebody_unknown_does(
    acme: Workspace, client: Client
) -> None:
    words = '**Hello {{visitor_name}}**, see [our "guide"](https://shop.example/)\nor ask {n}.'
    shop = on_website(
        acme,
        variables=[{"name": "visitor_name", "default": "*you*"}, {"name": "n"}],
        appearance={"welcome_message": words},
    )
    page = client.get(f"/c/{shop.entity.slug}").content.decode()
    said = "Hello *you*, see our &quot;guide&quot; or ask ."
    assert f'<meta name="description" content="{said}">' in page
