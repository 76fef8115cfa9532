"""What the guard answers instead of a page, and the headers that every answer carries."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from assets.board.access.login_page import in_language
from warehouse_sql.messages import Language

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_YEAR_SECONDS = 365 * 24 * 3600


class RefusedError(Exception):
    """A request that is not passed on: its status, why, and more headers. The reason is one Vietnamese sentence."""

    def __init__(self, status: int, reason: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status, self.reason, self.headers = status, reason, headers

    def answer(self, lang: Language) -> Response:
        """Returns the answer in that language."""
        return PlainTextResponse(in_language(lang, self.reason), self.status, self.headers)


def redirect(request: Request, place: str) -> Response:
    """Returns an answer that leads elsewhere, for a browser and for a part of a page that HTMX asks for."""
    if request.headers.get("hx-request"):
        return Response(status_code=204, headers={"HX-Redirect": place})
    return RedirectResponse(place, status_code=303)


def add_headers(headers: MutableHeaders, is_page: bool, has_tls: bool) -> None:
    """Adds what browsers are to keep to; pages are kept by nobody."""
    for name, value in _HEADERS.items():
        headers[name] = value
    if is_page:
        headers["Cache-Control"] = "no-store"
    if has_tls:
        headers["Strict-Transport-Security"] = f"max-age={_YEAR_SECONDS}"
