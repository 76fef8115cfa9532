"""What notices are sent to in the tests: a real mail server and a real HTTP receiver on loopback."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from aiosmtpd.controller import Controller


class Mailbox:
    """A mail server that can be stopped and started again on its port."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.port = free_port()
        self._controller: Controller | None = None

    @property
    def address(self) -> str:
        """As Apprise writes it, with a password that must never be seen."""
        return f"mailto://127.0.0.1:{self.port}?from=motcua@kho.vn&to=lanhdao@xa.vn&mode=insecure"

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def stop(self) -> None:
        if self._controller:
            self._controller.stop()
            self._controller = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """aiosmtpd: a message came."""
        self.mails.append(cast("EmailMessage", message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"

    def texts(self) -> list[str]:
        """Bodies, in order."""
        return [str(mail.get_body(("plain", "html")).get_content()) for mail in self.mails]  # type: ignore[union-attr]

    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]


class Hook:
    """An HTTP receiver: what was posted, the answer it gives (a status), and how long it waits."""

    def __init__(self) -> None:
        self.posts: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.status = 200
        self.wait_seconds = 0.0
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.posts.append(json.loads(body))
                hook.headers.append(dict(self.headers))
                hook.paths.append(self.path)
                time.sleep(hook.wait_seconds)
                self.send_response(hook.status)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        """As Apprise writes it, with a user, a password and a token in its path."""
        return f"json://motcua:Mat-Khau-9@127.0.0.1:{self._server.server_port}/hook/Token-Bi-Mat-77"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """A mail server that runs."""
    result = Mailbox()
    result.start()
    try:
        yield result
    finally:
        result.stop()


@contextmanager
def hook() -> Iterator[Hook]:
    """An HTTP receiver that runs."""
    result = Hook()
    try:
        yield result
    finally:
        result.stop()


def free_port() -> int:
    """A port on loopback that nobody listens on just now."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])
