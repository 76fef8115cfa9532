"""The board behind a real nginx with the file that offices get (deploy/nginx): TLS, a login of nginx's own, the name in a header.

Where nginx is not installed (tests/nginx.sh), this is not tried, and the summary of the tests says so.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from assets.board.access.exposure import Tls
from tests.board.behind_tls import Client, served_by_tls
from tests.receivers import free_port

_NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
pytestmark = pytest.mark.skipif(
    _NGINX is None, reason="nginx is not installed (tests/nginx.sh): the board behind it was not tried"
)
_FILE = Path(__file__).parents[2] / "deploy" / "nginx" / "motcua-board.conf"
_LAN = "Basic " + b64encode(b"lan:at the office").decode()
_BEFORE_IT = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/motcua-board.conf;
}}
"""


@pytest.fixture
def proxy(engine: Engine, certificate: Tls, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The addresses of nginx by TLS and without, before a board with the account `lan`."""
    by_tls, plain = free_port(), free_port()
    (tmp_path / "board.users").write_text("lan:{PLAIN}at the office\nan:{PLAIN}at the office\n")
    with served_by_tls(engine, "proxy", name="motcua.example.gov.vn") as board_port:
        written = _FILE.read_text(encoding="utf-8")
        for given, here in (
            ("listen 443 ssl", f"listen 127.0.0.1:{by_tls} ssl"),
            ("listen 80", f"listen 127.0.0.1:{plain}"),
            ("/etc/motcua/board.crt", str(certificate.certificate)),
            ("/etc/motcua/board.key", str(certificate.key)),
            ("/etc/motcua/board.users", str(tmp_path / "board.users")),
            ("http://127.0.0.1:8080", f"http://127.0.0.1:{board_port}"),
        ):
            assert given in written
            written = written.replace(given, here)
        (tmp_path / "motcua-board.conf").write_text(written, encoding="utf-8")
        (tmp_path / "nginx.conf").write_text(_BEFORE_IT.format(folder=tmp_path), encoding="utf-8")
        assert _NGINX
        process = subprocess.Popen([_NGINX, "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")])
        try:
            _wait(process, f"http://127.0.0.1:{plain}/")
            yield f"https://127.0.0.1:{by_tls}", f"http://127.0.0.1:{plain}"
        finally:
            process.terminate()
            process.wait(30)


class _Stays(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def _redirected(address: str) -> tuple[int, str | None]:
    """The status of an answer and where it leads, without going there."""
    try:
        with urllib.request.build_opener(_Stays).open(address, timeout=30) as answer:
            return answer.status, None
    except urllib.error.HTTPError as led:
        return led.code, led.headers.get("Location")


def _wait(process: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            _redirected(address)
            return
        except OSError:
            assert process.poll() is None and time.monotonic() < deadline, "nginx did not start"
            time.sleep(0.05)


def test_one_is_who_nginx_says_and_the_board_works_as_without_it(
    proxy: tuple[str, str], certificate: Tls
) -> None:
    client = Client(proxy[0], certificate.certificate)
    status, at, page = client.ask("/qua-han?rule_set=qd766", Authorization=_LAN)
    assert (status, at) == (200, f"{proxy[0]}/qua-han?rule_set=qd766")
    assert 'class="basis"' in page and "lan" in page.partition("<footer>")[2]
    (cookie,) = client.jar
    assert (cookie.name, cookie.secure) == ("__Host-motcua", True)
    assert client.ask("/static/board.css", Authorization=_LAN)[0] == 200
    assert client.ask("/tep/overdue_by_unit.csv", Authorization=_LAN)[0] == 200
    # Forms come from the address that the board is given.
    (token, *_) = re.findall(r'name="csrf" value="([^"]+)"', page)
    status, _, answer = client.ask(
        "/canh-bao/khong-co/nhan", {"csrf": token, "back": "/", "note": ""}, Authorization=_LAN
    )
    assert status == 400 and "khong-co" in answer
    assert client.ask("/", Authorization=_LAN, Host="motcua.example.gov.vn")[0] == 200
    assert client.ask("/", Authorization=_LAN, Host="motcua.example.com")[0] == 421


def test_nobody_comes_in_without_the_login_of_nginx_or_under_another_name(
    proxy: tuple[str, str], certificate: Tls
) -> None:
    client = Client(proxy[0], certificate.certificate)
    for headers in ({}, {"X_Remote_User": "lan"}, {"Authorization": "Basic bGFuOng="}):
        assert client.ask("/", **headers)[0] == 401, headers
    an = "Basic " + b64encode(b"an:at the office").decode()
    # Known to nginx, no account of the board; nor does a name sent along help.
    assert client.ask("/", Authorization=an)[0] == 403
    assert client.ask("/", Authorization=an, X_Remote_User="lan")[0] == 403
    assert client.ask("/", Authorization=_LAN, X_Remote_User="an")[0] == 200


def test_without_tls_one_is_led_to_it(proxy: tuple[str, str]) -> None:
    assert _redirected(f"{proxy[1]}/khau?lang=en") == (301, "https://127.0.0.1/khau?lang=en")
