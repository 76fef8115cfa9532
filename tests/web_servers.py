"""Web servers on loopback whose folders are landing zones: Python's own, and one that says as little as a test wants.

Here: the servers. Not here: what is read from them (`tests/unit/test_landing_http.py`, `tests/pipeline`).
"""

from __future__ import annotations

import base64
import hashlib
import html
import os
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes
from urllib.request import urlopen

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.receivers import free_port


@contextmanager
def python_server(root: Path, port: int = 0) -> Iterator[str]:
    """`python -m http.server` over a folder, in a process of its own; its address."""
    port = port or free_port()
    command = [
        sys.executable,
        "-m",
        "http.server",
        str(port),
        "--bind",
        "127.0.0.1",
        "--directory",
        str(root),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{port}/"
        try:
            _wait_for(address)
            yield address
        finally:
            process.terminate()


def _wait_for(address: str) -> None:
    for _ in range(200):
        try:
            with urlopen(address):
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError(address)


def write_certificate(key_file: Path, file: Path) -> None:
    """A certificate for 127.0.0.1 that is signed by nobody else."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    alternative = x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))])
    start = datetime.now(UTC) - timedelta(days=1)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=2))
        .add_extension(alternative, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


class WebServer:
    """Serves `files` by path. What it says of them, and how it misbehaves, are its attributes."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.time_of: dict[str, float] = {}
        self.says_size = self.says_time = self.says_etag = True
        self.knows_head = True
        self.is_chunked = False
        self.login: str | None = None
        self.status: dict[str, int] = {}
        self.redirects: dict[str, str] = {}
        self.pages: dict[str, str] = {}
        self.cut_after: int | None = None
        self.on_get: Callable[[str], None] | None = None
        self.asked: list[tuple[str, str]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.answer(self)

            def do_HEAD(self) -> None:
                server.answer(self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def use_tls(self, folder: Path) -> None:
        """From now on with a certificate of its own, written to `folder`/certificate.pem."""
        key, certificate = folder / "key.pem", folder / "certificate.pem"
        write_certificate(key, certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)

    def bodies_asked(self) -> list[str]:
        """The files that were asked for with GET."""
        return [path for method, path in self.asked if method == "GET" and path in self.files]

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """One answer."""
        path = os.fsdecode(unquote_to_bytes(request.path.partition("?")[0])).lstrip("/")
        self.asked.append((request.command, path))
        if self.login and request.headers.get("Authorization") != self._credentials():
            self._send(request, 401, b"", {"WWW-Authenticate": 'Basic realm="x"'})
        elif path in self.redirects:
            self._send(request, 302, b"", {"Location": self.redirects[path]})
        elif path in self.status:
            self._send(request, self.status[path], b"", {})
        elif path in self.files:
            self._send_file(request, path)
        else:
            self._send_page(request, path)

    def _credentials(self) -> str:
        return "Basic " + base64.b64encode((self.login or "").encode()).decode()

    def _send_page(self, request: BaseHTTPRequestHandler, path: str) -> None:
        below = {name[len(path) :] for name in self.files if name.startswith(path)}
        names = sorted(
            {f"{first}/" if rest else first for first, _, rest in (b.partition("/") for b in below)}
        )
        if path in self.pages:
            self._send(request, 200, self.pages[path].encode(), {"Content-Type": "text/html"})
        elif (names or not path) and (not path or path.endswith("/")):
            links = "".join(f'<a href="{quote(os.fsencode(n))}">{html.escape(n)!a}</a>\n' for n in names)
            page = f"<html><head><title>Index of /{path!a}</title></head><body>{links}</body></html>"
            self._send(request, 200, page.encode(), {"Content-Type": "text/html"})
        else:
            self._send(request, 404, b"", {})

    def _send_file(self, request: BaseHTTPRequestHandler, path: str) -> None:
        if request.command == "HEAD" and not self.knows_head:
            self._send(request, 405, b"", {})
            return
        if request.command == "GET" and self.on_get:
            self.on_get(path)
        content = self.files[path]
        headers = {"Content-Type": "application/octet-stream"}
        if self.says_time:
            headers["Last-Modified"] = formatdate(self.time_of.get(path, 1_600_000_000), usegmt=True)
        if self.says_etag:
            headers["ETag"] = f'"{hashlib.md5(content).hexdigest()}"'
        self._send(request, 200, content, headers, is_file=True)

    def _send(
        self,
        request: BaseHTTPRequestHandler,
        status: int,
        content: bytes,
        headers: dict[str, str],
        is_file: bool = False,
    ) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        chunked = is_file and self.is_chunked
        if chunked:
            request.send_header("Transfer-Encoding", "chunked")
        elif self.says_size or not is_file:
            request.send_header("Content-Length", str(len(content)))
        else:
            request.send_header("Connection", "close")
        request.end_headers()
        if request.command == "HEAD":
            return
        if is_file and self.cut_after is not None:
            content, request.close_connection = content[: self.cut_after], True
        if chunked:
            content = b"%x\r\n%s\r\n" % (len(content), content) + (
                b"" if request.close_connection else b"0\r\n\r\n"
            )
        request.wfile.write(content)
