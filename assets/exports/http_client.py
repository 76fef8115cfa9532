"""Requests to the web server of a landing zone: within one server, with limits, every failure one sentence.

Here: one request. Not here: what is asked for (`landing_http.py`). Needs requests: imported only for such an address.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError
from urllib3.util.retry import Retry

from assets.exports.http_listing import same_server
from assets.exports.landed import LandingError, RefusedFileError, refuse_too_large
from warehouse_sql.messages import message

_SECONDS = (15, 60)  # to connect, and between two pieces
_MAX_REDIRECTS = 5
_CONNECTIONS = 8
_PIECE = 1 << 20


class HttpError(Exception):
    """A request that failed. The message is a part of a sentence, with what to do; `status` is the answer's, if any.

    `is_passing`: there was no answer, or the server's own trouble, which may be over soon.
    """

    def __init__(self, message: str, status: int | None = None, is_passing: bool = False) -> None:
        super().__init__(message)
        self.status = status
        self.is_passing = is_passing


def open_session(url: str) -> tuple[requests.Session, str]:
    """Returns a session with the login that the address carries, and the address of the folder without it.

    Without a login in the address, requests takes that of ~/.netrc; proxies and certificates as the environment says.
    """
    parts = urlsplit(url)
    if not parts.hostname or parts.query:
        raise LandingError(
            message("Địa chỉ nơi nhận tệp không đúng; hãy viết https://máy-chủ/thư-mục/, không có dấu “?”.")
        )
    session = requests.Session()
    if parts.username is not None:
        # As bytes: requests would write them in Latin-1.
        session.auth = (unquote(parts.username).encode(), unquote(parts.password or "").encode())  # type: ignore[assignment]
    adapter = HTTPAdapter(
        pool_maxsize=_CONNECTIONS,
        max_retries=Retry(
            total=2, read=1, redirect=False, backoff_factor=0.2, respect_retry_after_header=False
        ),
    )
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    # A file compressed on its way has another size than its own.
    session.headers["Accept-Encoding"] = "identity"
    server = parts.netloc.rpartition("@")[2]
    return session, urlunsplit((parts.scheme.lower(), server, parts.path.rstrip("/") + "/", "", ""))


@contextmanager
def answer(session: requests.Session, method: str, url: str) -> Iterator[requests.Response]:
    """Returns the answer to a request, its body still unread.

    Raises HttpError where it is none; redirects stay on the server.
    """
    try:
        for _ in range(_MAX_REDIRECTS + 1):
            response = session.request(method, url, stream=True, timeout=_SECONDS, allow_redirects=False)
            if not response.is_redirect:
                break
            response.close()
            target = urljoin(url, response.headers["Location"])
            if not same_server(target, url):
                raise HttpError(
                    message(
                        "máy chủ chuyển sang {address}; hãy ghi thẳng địa chỉ đó nếu tin cậy",
                        address=_without_login(target),
                    )
                )
            url = target
        else:
            raise HttpError(message("máy chủ chuyển hướng vòng tròn; hãy kiểm tra địa chỉ và máy chủ"))
        with closing(response):
            if response.status_code >= 400:
                raise HttpError(
                    _refusal(response.status_code), response.status_code, response.status_code >= 500
                )
            yield response
    except requests.exceptions.SSLError as error:
        raise HttpError(
            message(
                "chứng thư TLS của máy chủ không tin cậy được; hãy đặt REQUESTS_CA_BUNDLE là tệp chứng thư của cơ quan"
            )
        ) from error
    except (requests.exceptions.ConnectionError, requests.exceptions.Timeout) as error:
        raise HttpError(
            message("không kết nối được với máy chủ; hãy kiểm tra địa chỉ, mạng và máy chủ rồi chạy lại"),
            is_passing=True,
        ) from error
    except (requests.exceptions.RequestException, HTTPError, OSError) as error:
        if isinstance(error, RefusedFileError):
            raise
        raise HttpError(
            message(
                "máy chủ trả lời dở dang hoặc sai ({kind}); lần chạy sau sẽ thử lại",
                kind=type(error).__name__,
            )
        ) from error


def body(response: requests.Response, name: str) -> Iterator[bytes]:
    """Gives the body in pieces. RefusedFileError beyond the limit of a file.

    A packed file is sometimes sent as if packing were a matter of its way: the file is what was packed.
    """
    total = 0
    unpack = not name.lower().endswith((".gz", ".gzip"))
    for piece in response.raw.stream(_PIECE, decode_content=unpack):
        total += len(piece)
        refuse_too_large(total)
        yield piece


def stated_size(response: requests.Response, name: str) -> int | None:
    """Returns the size of the file as the answer states it, or None if it does not."""
    packed = response.headers.get("Content-Encoding", "identity").lower() != "identity"
    length = response.headers.get("Content-Length", "")
    if not length.isdigit() or (packed and not name.lower().endswith((".gz", ".gzip"))):
        return None
    return int(length)


def is_delimited(response: Any) -> bool:
    """Returns True if a body that was cut would be noticed."""
    headers = response.headers
    return "Content-Length" in headers or "chunked" in headers.get("Transfer-Encoding", "").lower()


def _refusal(status: int) -> str:
    if status in {401, 403, 407}:
        return message(
            "máy chủ không cho xem (mã {status}); hãy kiểm tra thông tin đăng nhập và quyền đọc",
            status=status,
        )
    if status in {404, 410}:
        return message(
            "máy chủ báo không có (mã {status}); hãy kiểm tra địa chỉ hoặc gửi lại tệp", status=status
        )
    return message(
        "máy chủ báo lỗi (mã {status}); hãy kiểm tra máy chủ, lần chạy sau sẽ thử lại", status=status
    )


def _without_login(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
