"""Somebody's website: pages of another origin under a strict content security policy."""

from __future__ import annotations

from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from tests.support.loopback import LoopbackServer

# Rules of the host page that would ruin a widget which they could reach.
CSS = """
* { font: 40px serif !important; color: red !important; }
div, button, textarea, form { display: none !important; }
"""
PAGE = """<!doctype html>
<html lang="en"{html}><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width">{head}
{script}</head>
<body><main><h1>Shop</h1><p>Words on the page.</p>
<p><a href="/other">Other page</a></p>{body}</main></body></html>"""


@dataclass
class Site(LoopbackServer):
    """Serves the same page at every address. ``bot_url`` is where the widget comes from."""

    bot_url: str
    attributes: str = 'data-key="pk_test"'
    head: str = ""
    body: str = '<button id="help">Help</button>'
    html: str = ""
    inline: str = ""
    launches: bool = False  # with the script of what comes before the chat
    extra_csp: str = ""
    files: dict[str, tuple[str, str]] = field(default_factory=dict)
    host = "localhost"  # another origin than the bot's

    def handler(self) -> type[BaseHTTPRequestHandler]:
        return type("Handler", (_Handler,), {"site": self})

    @property
    def csp(self) -> str:
        bot = self.bot_url
        return (
            f"default-src 'none'; script-src 'self' {bot}; connect-src {bot};"
            f" require-trusted-types-for 'script'; {self.extra_csp}"
        )

    def page(self) -> str:
        names = ["widget", *(["widget.launch"] if self.launches else [])]
        scripts = (
            f'<script async src="{self.bot_url}/{n}.js" {self.attributes}></script>' for n in names
        )
        script = "\n".join(scripts)
        parts = {"html": self.html, "head": self.head, "body": self.body, "script": script}
        return PAGE.format(**parts)


class _Handler(BaseHTTPRequestHandler):
    site: Site
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        kind, text = self.site.files.get(self.path, ("text/html; charset=utf-8", self.site.page()))
        status = 404 if self.path == "/favicon.ico" else 200
        body = text.encode() if status == 200 else b""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", self.site.csp)
        self.end_headers()
        self.wfile.write(body)
