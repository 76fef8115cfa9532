"""What a request must be before anybody looks at who sends it: its host, its origin, its form."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.types import Message as AsgiMessage
from starlette.types import Receive

from assets.board.access.exposure import ANY_HOST
from assets.board.access.refusals import RefusedError
from warehouse_sql.messages import message

_LONGEST_BODY = 64 * 1024
_MOST_FIELDS = 200
_FORM = "application/x-www-form-urlencoded"
_SAFE_METHODS = ("GET", "HEAD")
# A path of this very board: not //elsewhere, nor what a browser reads as such.
_LOCAL = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def check_host(request: Request, hosts: frozenset[str]) -> None:
    """Raises RefusedError for a request to a name that is not the board's: a page of elsewhere may have led its name here."""
    given = request.headers.getlist("host")
    name = urlsplit(f"//{given[0]}").hostname if len(given) == 1 else None
    if name is None or not (name in hosts or ANY_HOST in hosts):
        raise RefusedError(
            421, message("Bảng điều hành không có ở tên này; hãy mở đúng địa chỉ mà motcua board in ra.")
        )


def changes_something(request: Request) -> bool:
    """Returns True for a request that carries a form. Raises RefusedError for a method that no page has."""
    if request.method in _SAFE_METHODS:
        return False
    if request.method == "POST":
        return True
    raise RefusedError(
        405, message("Bảng điều hành không nhận yêu cầu kiểu này."), {"Allow": "GET, HEAD, POST"}
    )


def check_origin(request: Request) -> None:
    """Raises RefusedError for a form that a page of elsewhere sends.

    Browsers say by Sec-Fetch-Site where it comes from; those that do not, by Origin. A program says neither: the token decides.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    host = request.headers.get("host", "")
    if site is not None:
        # Under Referrer-Policy no-referrer the Origin of our own forms is "null".
        is_ours = site == "same-origin" and origin in (None, "null", f"http://{host}", f"https://{host}")
    else:
        is_ours = origin in (None, f"http://{host}", f"https://{host}")
    if not is_ours:
        raise RefusedError(
            403, message("Yêu cầu này do một trang khác gửi nên không được nhận; hãy mở lại bảng điều hành.")
        )


async def read_form(request: Request) -> tuple[dict[str, str], bytes]:
    """Returns the fields of the form and its bytes. Raises RefusedError for anything but a short form."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise RefusedError(415, message("Bảng điều hành chỉ nhận biểu mẫu của chính nó."))
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _LONGEST_BODY:
            raise RefusedError(413, message("Biểu mẫu quá dài; hãy viết ngắn lại."))
    try:
        fields = parse_qs(
            body.decode(),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise RefusedError(400, message("Không đọc được biểu mẫu; hãy tải lại trang rồi thử lại.")) from None
    return {name: values[0] for name, values in fields.items()}, body


def replayed(body: bytes, receive: Receive) -> Receive:
    """Returns what gives the application the body that was read already."""
    pending: list[AsgiMessage] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> AsgiMessage:
        return pending.pop() if pending else await receive()

    return again


def local_path(given: str) -> str:
    """Returns a path of this board as it was given; for anything else its first page."""
    return given if _LOCAL.fullmatch(given) else "/"
