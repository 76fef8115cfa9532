"""The board behind real TLS, its own and that of a reverse proxy: logging in, cookies, redirects, and names that are forged."""

from __future__ import annotations

import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import Engine

from assets.board.access.exposure import Tls
from tests.board.behind_tls import PASSWORD, Client, served_by_tls

_LOGIN_WITHIN_THE_OFFICE = "Basic bGFuOng="


@contextmanager
def _proxy(board_port: int, tls: Tls) -> Iterator[str]:
    """A reverse proxy that ends TLS, asks for a login of its own and names who it is to the board; its address."""

    class Proxy(BaseHTTPRequestHandler):
        def _pass_on(self) -> None:
            if self.headers.get("Authorization") != _LOGIN_WITHIN_THE_OFFICE:
                self.send_error(401)
                return
            # As the documentation asks: whatever a browser sends under the name of the header is not passed on.
            sent = {name: value for name, value in self.headers.items() if name.lower() != "x-remote-user"}
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            connection = HTTPConnection("127.0.0.1", board_port, timeout=60)
            connection.request(self.command, self.path, body, sent | {"X-Remote-User": "lan"})
            answer = connection.getresponse()
            page = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("transfer-encoding", "content-length", "connection", "date"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)
            connection.close()

        do_GET = do_POST = _pass_on  # noqa: N815 (names of the standard library)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*tls)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def test_by_its_own_certificate_one_logs_in_and_lands_where_one_wanted_to(
    engine: Engine, certificate: Tls
) -> None:
    with served_by_tls(engine, "accounts", certificate) as port:
        client = Client(f"https://127.0.0.1:{port}", certificate.certificate)
        status, at, _ = client.ask("/thoi-han?rule_set=qd766")
        assert (status, at.startswith(f"{client.address}/dang-nhap?")) == (200, True)
        assert client.log_in("sai mật khẩu", "/")[0] == 403
        status, at, page = client.log_in(PASSWORD, "/thoi-han?rule_set=qd766")
        assert (status, at) == (200, f"{client.address}/thoi-han?rule_set=qd766")
        assert 'class="basis"' in page
        (cookie,) = client.jar
        assert (cookie.name, cookie.secure, cookie.path) == ("__Host-motcua", True, "/")
        assert not cookie.domain_specified and cookie.has_nonstandard_attr("HttpOnly")
        assert client.ask("/", X_Remote_User="an")[1] == f"{client.address}/"


def test_by_plain_http_a_board_with_a_certificate_says_nothing(engine: Engine, certificate: Tls) -> None:
    with served_by_tls(engine, "accounts", certificate) as port:
        client = Client(f"http://127.0.0.1:{port}", certificate.certificate)
        with pytest.raises((OSError, urllib.error.URLError)):
            client.ask("/dang-nhap")
        stranger = Client(f"https://127.0.0.1:{port}", certificate.certificate)
        stranger.log_in(PASSWORD, "/")
        asked = urllib.request.Request(client.address)
        stranger.jar.add_cookie_header(asked)
        assert not asked.has_header("Cookie")


def test_behind_a_proxy_that_ends_tls_one_is_who_the_proxy_says(engine: Engine, certificate: Tls) -> None:
    with served_by_tls(engine, "proxy") as port, _proxy(port, certificate) as address:
        client = Client(address, certificate.certificate)
        status, at, page = client.ask("/", Authorization=_LOGIN_WITHIN_THE_OFFICE)
        assert (status, at) == (200, f"{address}/")
        assert 'class="basis"' in page
        (cookie,) = client.jar
        assert (cookie.name, cookie.secure) == ("__Host-motcua", True)
        assert client.ask("/")[0] == 401
        assert client.ask("/dang-nhap", Authorization=_LOGIN_WITHIN_THE_OFFICE)[1].startswith(address)


def test_a_name_forged_on_the_way_to_the_proxy_is_not_taken(engine: Engine, certificate: Tls) -> None:
    with served_by_tls(engine, "proxy") as port, _proxy(port, certificate) as address:
        client = Client(address, certificate.certificate)
        status, _, _ = client.ask("/", Authorization=_LOGIN_WITHIN_THE_OFFICE, X_Remote_User="quan-tri")
        assert status == 200  # as lan: there is no account `quan-tri`
        assert client.ask("/", X_Remote_User="lan")[0] == 401


def test_what_does_not_come_by_the_proxy_is_refused(engine: Engine, certificate: Tls) -> None:
    with served_by_tls(engine, "proxy") as port:
        client = Client(f"http://127.0.0.1:{port}", certificate.certificate)
        for headers in ({}, {"X_Forwarded_User": "lan"}, {"X_Remote_User": "quan-tri"}):
            assert client.ask("/", **headers)[0] == 403, headers
        status, _, _ = client.ask("/", X_Remote_User="lan", Host="board.example")
        assert status == 421
        form = client.ask("/canh-bao", {"csrf": "x"}, X_Remote_User="lan")
        assert form[0] == 403
