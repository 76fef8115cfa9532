"""The guard in front of the board: nothing reaches a page that has not passed here.

It looks at the name that was asked for, at how often somebody asks, at where a form comes from and whether it carries the
session's token, and at who asks; and adds to every answer what browsers are to keep to. For the application it leaves in
`request.state`: `viewer` (whom the page is for), `csrf` (what its forms carry in the field `csrf`, or requests in X-CSRF-Token)
and `form` (the fields of a POST, read already). Run it with uvicorn's `proxy_headers=False`: it has to see the peer itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, TimeoutError
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.types import Message as AsgiMessage

from assets.board.access.accounts import Account, open_account, verified
from assets.board.access.exposure import LOOPBACK_HOSTS, Mode, is_loopback
from assets.board.access.incoming import (
    changes_something,
    check_host,
    check_origin,
    local_path,
    read_form,
    replayed,
)
from assets.board.access.login_page import language_of, login_page
from assets.board.access.rates import Rate
from assets.board.access.refusals import RefusedError, add_headers, redirect
from assets.board.access.session import Session, Sessions
from assets.board.access.viewer import Viewer, viewer_of, viewer_without_account
from warehouse_sql.errors import WarehouseError
from warehouse_sql.messages import Language, message, message_of

LOGIN, LOGOUT, STATIC = "/dang-nhap", "/dang-xuat", "/static/"
_LOGINS_A_MINUTE, _LOGINS_OF_A_PEER = 5, 20
#: Passwords that are checked at once: each takes 64 MiB and a core.
_CHECKED_AT_ONCE = 2
_SOCKET = "unix"


@dataclass(frozen=True)
class Guard:
    """How a board is guarded.

    `open`: without accounts, on loopback alone; what is done is done as `user`. `accounts`: people log in. `proxy`: a reverse
    proxy on this machine has logged them in and names them in `header`. The last two need the board's engine.
    `has_tls`: browsers come by TLS, to the board itself or to the proxy.
    """

    mode: Mode
    secret: str
    hosts: frozenset[str] = LOOPBACK_HOSTS
    user: str | None = None
    engine: Engine | None = None
    has_tls: bool = False
    header: str = "x-remote-user"
    requests_a_minute: int = 6000
    language: Language = "vi"


def guarded(app: ASGIApp, guard: Guard) -> ASGIApp:
    """Returns the application behind its guard. ValueError where the mode lacks what it needs."""
    if guard.mode != "open" and guard.engine is None:
        raise ValueError(f"mode {guard.mode} needs an engine")
    return _Guarded(app, guard)


class _Guarded:
    def __init__(self, app: ASGIApp, guard: Guard) -> None:
        self._app, self._guard = app, guard
        self._sessions = Sessions(guard.secret, guard.has_tls)
        self._rate = Rate(guard.requests_a_minute)
        self._by_name, self._by_peer = Rate(_LOGINS_A_MINUTE), Rate(_LOGINS_OF_A_PEER)
        self._checking: CapacityLimiter | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        lang = language_of(request.query_params.get("lang"), self._guard.language)
        is_page = not request.url.path.startswith(STATIC)

        async def with_headers(sent: AsgiMessage) -> None:
            if sent["type"] == "http.response.start":
                headers = MutableHeaders(raw=sent["headers"])
                add_headers(headers, is_page, self._guard.has_tls)
            await send(sent)

        try:
            check_host(request, self._guard.hosts)
            self._check_rate(self._rate, _peer(request))
            is_change = changes_something(request)
            if not is_page and not is_change:
                await self._app(scope, receive, with_headers)
                return
            await self._answer_page(request, lang, is_change, with_headers)
        except RefusedError as refusal:
            await refusal.answer(lang)(scope, receive, with_headers)

    async def _answer_page(self, request: Request, lang: Language, is_change: bool, send: Send) -> None:
        session = self._sessions.read(request.cookies.get(self._sessions.cookie))
        form: dict[str, str] = {}
        receive = request.receive
        if is_change:
            check_origin(request)
            form, body = await read_form(request)
            self._check_token(request, session, form)
            receive = replayed(body, receive)
        own = await self._own_page(request, lang, session, form if is_change else None)
        if own is not None:
            await own(request.scope, receive, send)
            return
        viewer = await self._viewer(request, session)
        if viewer is None:
            asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            place = "/" if is_change or request.headers.get("hx-request") else asked
            answer = redirect(request, f"{LOGIN}?lang={lang}&next={quote(place, safe='/')}")
            await answer(request.scope, receive, send)
            return
        request.scope["state"] = {
            **request.scope.get("state", {}), "viewer": viewer, "csrf": session.token, "form": form,
        }  # fmt: skip
        await self._app(request.scope, receive, self._with_cookie(session, send))

    def _with_cookie(self, session: Session, send: Send) -> Send:
        if not session.is_new:
            return send

        async def with_cookie(sent: AsgiMessage) -> None:
            if sent["type"] == "http.response.start":
                MutableHeaders(raw=sent["headers"]).append("Set-Cookie", self._sessions.header(session))
            await send(sent)

        return with_cookie

    def _check_rate(self, rate: Rate, key: str) -> None:
        if seconds := rate.wait(key):
            raise RefusedError(
                429,
                message("Quá nhiều yêu cầu; hãy thử lại sau {seconds:number} giây.", seconds=seconds),
                {"Retry-After": str(seconds)},
            )

    def _check_token(self, request: Request, session: Session, form: dict[str, str]) -> None:
        given = request.headers.get("x-csrf-token") or form.get("csrf", "")
        if session.is_new or not session.has_token(given):
            raise RefusedError(
                403,
                message(
                    "Trang này đã cũ hoặc yêu cầu không đến từ bảng điều hành; hãy tải lại trang rồi thử lại."
                ),
            )

    async def _own_page(
        self, request: Request, lang: Language, session: Session, form: dict[str, str] | None
    ) -> Response | None:
        """Returns the answer to logging in and out; None for pages of the application."""
        if self._guard.mode != "accounts":
            return None
        if request.url.path == LOGIN and form is None:
            return self._login_page(lang, session, local_path(request.query_params.get("next", "/")))
        if request.url.path == LOGIN and form is not None:
            return await self._log_in(request, lang, session, form)
        if request.url.path == LOGOUT and form is not None:
            self._sessions.end(session)
            return self._started(self._sessions.begin(), redirect(request, f"{LOGIN}?lang={lang}"))
        return None

    def _login_page(
        self, lang: Language, session: Session, next_path: str, name: str = "", error: str | None = None
    ) -> Response:
        page = login_page(lang, session.token, next_path, name, error)
        answer = HTMLResponse(page, status_code=200 if error is None else 403)
        return self._started(session, answer) if session.is_new else answer

    async def _log_in(
        self, request: Request, lang: Language, session: Session, form: dict[str, str]
    ) -> Response:
        name, next_path = form.get("ten", "").strip()[:63], local_path(form.get("next", "/"))
        self._check_rate(self._by_peer, _peer(request))
        self._check_rate(self._by_name, name)
        try:
            account = await self._checked(name, form.get("mat-khau", ""))
        except WarehouseError as error:
            return self._login_page(lang, session, next_path, name, message_of(error))
        if account is None:
            reason = message("Sai tên tài khoản hoặc mật khẩu; hãy kiểm tra rồi thử lại.")
            return self._login_page(lang, session, next_path, name, reason)
        self._sessions.end(session)
        return self._started(self._sessions.begin(account), redirect(request, next_path))

    def _started(self, session: Session, answer: Response) -> Response:
        answer.headers.append("Set-Cookie", self._sessions.header(session))
        return answer

    async def _checked(self, name: str, password: str) -> Account | None:
        if self._checking is None:
            self._checking = CapacityLimiter(_CHECKED_AT_ONCE)

        def check() -> Account | None:
            assert self._guard.engine is not None
            with self._guard.engine.connect() as connection:
                return verified(connection, name, password)

        return await self._asked(check, self._checking)

    async def _viewer(self, request: Request, session: Session) -> Viewer | None:
        """Returns whom the page is for; None for one who has to log in. Raises RefusedError for one who may not at all."""
        match self._guard.mode:
            case "open":
                return viewer_without_account(self._guard.user)
            case "accounts":
                account = await self._open_account(session.name) if session.name else None
                return viewer_of(account) if account and session.is_of(account) else None
            case "proxy":
                account = await self._open_account(self._named_by_proxy(request))
                if account is None:
                    raise RefusedError(
                        403,
                        message(
                            "Không có tài khoản này trên bảng điều hành; nhờ người quản trị tạo bằng motcua board account add."
                        ),
                    )
                return viewer_of(account)

    def _named_by_proxy(self, request: Request) -> str:
        """Returns the name in the proxy's header. Raises RefusedError where it does not come from a proxy on this machine."""
        names, peer = request.headers.getlist(self._guard.header), _peer(request)
        if len(names) != 1 or not names[0].strip() or not (peer == _SOCKET or is_loopback(peer)):
            raise RefusedError(
                403,
                message("Bảng điều hành này chỉ vào được qua proxy của cơ quan; hãy mở địa chỉ của proxy."),
            )
        return names[0].strip()

    async def _open_account(self, name: str) -> Account | None:
        def find() -> Account | None:
            assert self._guard.engine is not None
            with self._guard.engine.connect() as connection:
                return open_account(connection, name)

        try:
            return await self._asked(find, None)
        except WarehouseError as error:
            raise RefusedError(403, message_of(error)) from error

    async def _asked(
        self, ask: Callable[[], Account | None], limiter: CapacityLimiter | None
    ) -> Account | None:
        try:
            return await run_sync(ask, limiter=limiter)
        except (DBAPIError, TimeoutError) as error:
            raise RefusedError(
                503, message("Kho dữ liệu chưa trả lời; hãy thử lại sau ít phút."), {"Retry-After": "10"}
            ) from error


def _peer(request: Request) -> str:
    """Returns the address of whoever connected."""
    return request.client.host if request.client else _SOCKET
