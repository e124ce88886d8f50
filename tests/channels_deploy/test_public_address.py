"""This server's address, as strangers find it: real TLS on loopback, by an authority of our own."""

from __future__ import annotations

import ssl
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Self

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from channels_deploy import script
from channels_deploy.public_address import Needs, findings
from tests.support.loopback import LoopbackServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from channels_deploy.finding import Finding

DAY = timedelta(days=1)


class Page(LoopbackServer):
    """Answers everything with ``body``; over TLS where it has a ``context``."""

    def __init__(self, body: bytes, context: ssl.SSLContext | None = None) -> None:
        self.body, self.context = body, context

    def __enter__(self) -> Self:
        super().__enter__()
        self.port = self._server.server_port
        if self.context:
            plain = self._server.socket
            self._server.socket = self.context.wrap_socket(plain, server_side=True)
        return self

    def handler(self) -> type[BaseHTTPRequestHandler]:
        body = self.body

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        return Handler


@dataclass
class Authority:
    """Signs certificates that this process trusts."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    name: x509.Name

    def signed(self, host: str, days: float) -> ssl.SSLContext:
        """What a server shows that is ``host`` and has a certificate for so many more days."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.SubjectAlternativeName([_general(host)])
        issued = _certificate(self.name, _named(host), key.public_key(), days)
        file = self.folder / f"{host}.pem"
        signed = issued.add_extension(subject, critical=False).sign(self.key, hashes.SHA256())
        file.write_bytes(_pem(key) + signed.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context


def _general(host: str) -> x509.GeneralName:
    is_ip = host.replace(".", "").isdigit()
    return x509.IPAddress(ip_address(host)) if is_ip else x509.DNSName(host)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(
    issuer: x509.Name, subject: x509.Name, key: Any, days: float
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .issuer_name(issuer)
        .subject_name(subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 90 * DAY)
        .not_valid_after(now + days * DAY)
    )


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    key, name = ec.generate_private_key(ec.SECP256R1()), _named("Test authority")
    basic = x509.BasicConstraints(ca=True, path_length=None)
    made = _certificate(name, name, key.public_key(), 365).add_extension(basic, critical=True)
    file = tmp_path / "authority.pem"
    file.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return Authority(tmp_path, key, name)


@contextmanager
def served(settings: Any, context: ssl.SSLContext, body: bytes = b"") -> Iterator[int]:
    """Something at ``PUBLIC_URL``: the widget's script, or ``body``."""
    with Page(body or script.built().body, context) as page:
        settings.PUBLIC_URL = f"https://127.0.0.1:{page.port}"
        yield page.port


def found(needs: Needs = Needs()) -> dict[str, Finding]:  # noqa: B008 (frozen)
    return {each.checked: each for each in findings(needs)}


def test_a_valid_certificate_and_the_product_behind_it(settings: Any, authority: Authority) -> None:
    with served(settings, authority.signed("127.0.0.1", 60)):
        told = found()
    assert told["Certificate"].level == "ok"
    assert told["Certificate"].found.startswith("Valid for 127.0.0.1 until ")
    assert told["This server"].level == "ok"
    assert (told["Name"].level, told["Public address"].level) == ("warning", "ok")


@pytest.mark.parametrize(
    ("host", "days", "expected"),
    [
        pytest.param("127.0.0.1", 9.5, ("warning", "It ends in 9 days."), id="ends soon"),
        pytest.param("127.0.0.1", -1, ("error", "It has expired."), id="has ended"),
        pytest.param("else.example", 60, ("error", "It is not for 127.0.0.1."), id="another host"),
    ],
)
def test_what_is_wrong_with_a_certificate(
    settings: Any, authority: Authority, host: str, days: float, expected: tuple[str, str]
) -> None:
    with served(settings, authority.signed(host, days)):
        told = found()["Certificate"]
    assert (told.level, told.found) == expected
    assert told.remedy


def test_an_authority_that_nobody_knows(
    settings: Any, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = authority.signed("127.0.0.1", 60)
    monkeypatch.delenv("SSL_CERT_FILE")
    with served(settings, context):
        told = found()
    assert "an authority that services do not know" in told["Certificate"].found
    assert "This server" not in told


def test_something_else_behind_the_address(settings: Any, authority: Authority) -> None:
    with served(settings, authority.signed("127.0.0.1", 60), b"<html>Welcome to nginx"):
        told = found()["This server"]
    assert (told.level, told.found) == ("error", "Something else answers at the address (200).")


def test_a_port_that_the_service_does_not_call(settings: Any, authority: Authority) -> None:
    with served(settings, authority.signed("127.0.0.1", 60)) as port:
        told = found(Needs(ports=(443, 8443)))["Public address"]
    assert (told.level, told.found) == ("error", f"The service calls no address with port {port}.")


@pytest.mark.parametrize(("https", "level"), [(True, "error"), (False, "warning")])
def test_an_address_without_https(settings: Any, https: bool, level: str) -> None:
    with Page(script.built().body) as page:
        settings.PUBLIC_URL = f"http://127.0.0.1:{page.port}"
        told = found(Needs(https=https))
    assert told["Public address"].level == level
    assert told["This server"].level == "ok"
    assert "Certificate" not in told


def test_a_name_that_nobody_knows(settings: Any) -> None:
    settings.PUBLIC_URL = "https://bots.invalid"
    told = found()["Name"]
    assert (told.level, told.found) == ("error", "Nobody knows the name bots.invalid.")
