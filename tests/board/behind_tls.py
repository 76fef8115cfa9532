"""A client that asks as a browser does, and a board that is asked by TLS."""

from __future__ import annotations

import re
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import Engine

from assets.board.access.exposure import Mode, Tls, allowed_hosts
from assets.board.access.guard import Guard, guarded
from assets.board.app import Board, application
from pipelines.cli.board import server_of
from tests.browser.served_board import run_in_background
from tests.receivers import free_port

PASSWORD = "một mật khẩu dài"


@dataclass
class Client:
    """Asks as a browser does: trusts one certificate, follows redirects, and sends cookies marked Secure by TLS alone."""

    address: str
    certificate: Path
    jar: CookieJar = field(default_factory=CookieJar)

    def ask(self, path: str, form: Mapping[str, str] | None = None, **headers: str) -> tuple[int, str, str]:
        """Returns the status, the address at which the redirects ended, and the page."""
        opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=self.certificate)),
            urllib.request.HTTPCookieProcessor(self.jar),
        )
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        body = urlencode(form).encode() if form is not None else None
        if body is not None:
            sent |= {"Origin": self.address, "Sec-Fetch-Site": "same-origin"}
        try:
            with opener.open(urllib.request.Request(self.address + path, body, sent), timeout=60) as answer:
                return answer.status, answer.url, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.url, refused.read().decode()

    def log_in(self, password: str, next_path: str) -> tuple[int, str, str]:
        """Sends the form of the login page."""
        (token,) = re.findall(r'name="csrf" value="([^"]+)"', self.ask("/dang-nhap")[2])
        fields = {"csrf": token, "ten": "lan", "mat-khau": password, "next": next_path}
        return self.ask("/dang-nhap", fields)


@contextmanager
def served_by_tls(
    engine: Engine, mode: Mode, tls: Tls | None = None, name: str = "localhost"
) -> Iterator[int]:
    """The board as `motcua board --name NAME` serves it; its port."""
    port = free_port()
    guard = Guard(
        mode, "a secret of the test", hosts=allowed_hosts("127.0.0.1", (name,)), engine=engine, has_tls=True
    )
    with run_in_background(server_of(guarded(application(Board(engine)), guard), "127.0.0.1", port, tls)):
        yield port
