"""The guard of the board in front of a small application, on a real server: who gets through, with what, how often."""

from __future__ import annotations

import http.client
import re
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
import uvicorn
from sqlalchemy import Engine, text
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assets.board.access.accounts import Wanted, close_account, make_account
from assets.board.access.exposure import Tls, allowed_hosts, check_exposure
from assets.board.access.guard import Guard, guarded
from assets.board.access.incoming import local_path
from assets.board.access.rates import Rate
from assets.board.access.session import session_secret
from tests.sql.test_board_login import board
from warehouse_sql.engine import open_engine
from warehouse_sql.errors import WarehouseError
from warehouse_sql.migrate import migrate

_PASSWORD = "một mật khẩu dài"
_OPEN = Guard("open", secret="a secret of the test", user="an")
_PAGE_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


async def _page(request: Request) -> Response:
    viewer = request.state.viewer
    form = await request.body()
    return JSONResponse(
        {
            "viewer": [viewer.name, viewer.viewer_setting, viewer.may_acknowledge],
            "csrf": request.state.csrf,
            "form": request.state.form,
            "body": form.decode(),
            "path": request.url.path,
        }
    )


async def _style(request: Request) -> Response:
    return Response("p {}", media_type="text/css", headers={"Cache-Control": "max-age=60"})


_APP = Starlette(
    routes=[
        Route("/static/style.css", _style),
        Route("/{path:path}", _page, methods=["GET", "POST"]),
    ]
)


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    cookies: list[str]
    body: str

    @property
    def page(self) -> dict[str, object]:
        import json

        loaded: dict[str, object] = json.loads(self.body)
        return loaded


@dataclass
class Browser:
    """Keeps cookies, and sends what browsers send with a form."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies and "Cookie" not in sent:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        cookies = answer.headers.get_all("Set-Cookie") or []
        for cookie in cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        result = Answer(
            answer.status,
            {name.lower(): value for name, value in answer.getheaders()},
            cookies,
            answer.read().decode(),
        )
        connection.close()
        return result

    def send(self, path: str, fields: Mapping[str, str], **headers: str) -> Answer:
        given = {
            "Content_Type": "application/x-www-form-urlencoded",
            "Sec_Fetch_Site": "same-origin",
        } | headers
        return self.ask(path, "POST", urlencode(fields), **given)

    def token(self, path: str = "/dang-nhap") -> str:
        (token,) = re.findall(r'name="csrf" value="([^"]+)"', self.ask(path).body)
        return str(token)

    def log_in(self, name: str = "lan", password: str = _PASSWORD, next_path: str = "/") -> Answer:
        fields = {"csrf": self.token(), "ten": name, "mat-khau": password, "next": next_path}
        return self.send("/dang-nhap", fields)


@contextmanager
def serving(guard: Guard) -> Iterator[Browser]:
    """A browser before a server on loopback with the application behind that guard."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            guarded(_APP, guard),
            log_level="warning",
            proxy_headers=False,
            server_header=False,
            lifespan="off",
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield Browser(listening.getsockname()[1])
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def accounts(warehouse: Engine) -> Iterator[Guard]:
    """A guard that asks for accounts, of which there are two: `lan`, and `an`, who is limited to units and only looks."""
    migrate(warehouse)
    with warehouse.begin() as connection:
        make_account(connection, Wanted("lan", (), True, _PASSWORD))
        make_account(connection, Wanted("an", (), False, _PASSWORD))
        connection.execute(text("update ops.board_account set sees_every_unit = false where name = 'an'"))
    engine = open_engine(board(warehouse))
    yield Guard("accounts", secret="a secret of the test", engine=engine)
    engine.dispose()


def test_on_loopback_without_accounts_everybody_is_the_user_of_the_machine() -> None:
    with serving(_OPEN) as browser:
        answer = browser.ask("/ho-so?ma=1")
        assert (answer.status, answer.page["viewer"]) == (200, ["an", "*", True])
        assert {name: answer.headers[name] for name in _PAGE_HEADERS} == _PAGE_HEADERS
        assert "strict-transport-security" not in answer.headers and "server" not in answer.headers
        (cookie,) = answer.cookies
        assert cookie.startswith("motcua=") and cookie.endswith("; Path=/; HttpOnly; SameSite=Lax")
        again = browser.ask("/")
        assert (again.cookies, again.page["csrf"]) == ([], answer.page["csrf"])


def test_a_form_needs_the_token_of_its_session() -> None:
    with serving(_OPEN) as browser, serving(_OPEN) as stranger:
        token = str(browser.ask("/").page["csrf"])
        others = str(stranger.ask("/").page["csrf"])
        for fields in ({}, {"csrf": ""}, {"csrf": "x"}, {"csrf": others}):
            assert browser.send("/nhan", fields).status == 403, fields
        answer = browser.send("/nhan", {"csrf": token, "ghi-chú": "đang xem"})
        assert answer.page["form"] == {"csrf": token, "ghi-chú": "đang xem"}
        assert str(answer.page["body"]).startswith("csrf=")
        by_header = browser.send("/nhan", {"a": "1"}, X_CSRF_Token=token)
        assert by_header.page["form"] == {"a": "1"}
        assert Browser(browser.port).send("/nhan", {"csrf": token}).status == 403


def _signed_otherwise(cookie: str) -> str:
    # At its start: of the last letter of a signature some bits count for nothing.
    content, _, signature = cookie.rpartition(".")
    return f"{content}.{'B' if signature.startswith('A') else 'A'}{signature[1:]}"


def test_a_cookie_that_the_board_did_not_sign_is_no_session() -> None:
    with serving(_OPEN) as browser, serving(replace(_OPEN, secret="another")) as other:
        token = str(browser.ask("/").page["csrf"])
        changed = {name: _signed_otherwise(value) for name, value in browser.cookies.items()}
        for cookies in (changed, {"motcua": "x"}, {"motcua": ""}):
            assert Browser(browser.port, dict(cookies)).send("/", {"csrf": token}).status == 403
        assert Browser(other.port, dict(browser.cookies)).send("/", {"csrf": token}).status == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec_Fetch_Site": "same-origin", "Origin": "null"}, 200),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Sec_Fetch_Site": "none"}, 403),
        ({"Sec_Fetch_Site": "same-origin", "Origin": "http://other.vn"}, 403),
        ({"Origin": "http://other.vn"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "{own}"}, 200),
        ({}, 200),
    ],
)
def test_a_form_of_another_site_is_refused(headers: dict[str, str], status: int) -> None:
    with serving(_OPEN) as browser:
        token = str(browser.ask("/").page["csrf"])
        sent = {
            name: value.replace("{own}", f"http://127.0.0.1:{browser.port}")
            for name, value in headers.items()
        }
        answer = browser.ask(
            "/nhan",
            "POST",
            urlencode({"csrf": token}),
            Content_Type="application/x-www-form-urlencoded",
            **sent,
        )
        assert answer.status == status


@pytest.mark.parametrize(
    ("method", "headers", "body", "status"),
    [
        ("PUT", {}, "", 405),
        ("DELETE", {}, "", 405),
        ("OPTIONS", {}, "", 405),
        ("POST", {"Content_Type": "application/json"}, "{}", 415),
        ("POST", {"Content_Type": "multipart/form-data; boundary=x"}, "--x--", 415),
        ("POST", {"Content_Type": "text/plain"}, "csrf=1", 415),
        ("POST", {"Content_Type": "application/x-www-form-urlencoded"}, "a=" + "x" * 70_000, 413),
        (
            "POST",
            {"Content_Type": "application/x-www-form-urlencoded"},
            "&".join(f"a{n}=1" for n in range(300)),
            400,
        ),
        ("POST", {"Content_Type": "application/x-www-form-urlencoded"}, "a=%ff", 400),
    ],
)
def test_anything_but_a_short_form_is_refused(
    method: str, headers: dict[str, str], body: str, status: int
) -> None:
    with serving(_OPEN) as browser:
        browser.ask("/")
        answer = browser.ask("/", method, body, **headers)
        assert answer.status == status
        assert answer.headers["content-security-policy"] == _PAGE_HEADERS["content-security-policy"]


def test_a_name_that_was_made_to_lead_here_is_refused() -> None:
    with serving(_OPEN) as browser:
        port = browser.port
        for host in (
            "evil.vn",
            f"evil.vn:{port}",
            "127.0.0.1.evil.vn",
            "localhost.",
            "0.0.0.0",
            "a@127.0.0.1.vn",
            "",
        ):
            assert browser.ask("/", Host=host).status == 421, host
            assert browser.ask("/static/style.css", Host=host).status == 421, host
        for host in ("localhost", f"LOCALHOST:{port}", f"127.0.0.1:{port}", f"[::1]:{port}"):
            assert browser.ask("/", Host=host).status == 200, host
    with serving(replace(_OPEN, hosts=allowed_hosts("127.0.0.1", ("Board.tinh.vn",)))) as browser:
        assert browser.ask("/", Host="board.tinh.vn").status == 200


def test_too_many_requests_of_a_peer_wait() -> None:
    with serving(replace(_OPEN, requests_a_minute=20)) as browser:
        answers = [browser.ask("/") for _ in range(25)]
    assert [answer.status for answer in answers[:20]] == [200] * 20
    refused = answers[-1]
    assert (refused.status, 1 <= int(refused.headers["retry-after"]) <= 3) == (429, True)
    assert refused.body.startswith("Quá nhiều yêu cầu")


def test_rates_are_of_each_key_grow_again_and_are_forgotten_in_time() -> None:
    now = [0.0]
    rate = Rate(5, lambda: now[0], most_keys=3)
    assert [rate.wait("a") for _ in range(6)] == [0, 0, 0, 0, 0, 12]
    assert rate.wait("b") == 0
    now[0] = 12
    assert [rate.wait("a") for _ in range(2)] == [0, 12]
    for key in ("c", "d", "e"):
        rate.wait(key)
    assert rate.wait("a") == 0  # so many others came since that it was forgotten


@pytest.mark.both_servers
def test_one_who_is_not_logged_in_is_led_to_the_page_for_it_and_back(accounts: Guard) -> None:
    with serving(accounts) as browser:
        led = browser.ask("/ho-so?ma=1&x=%C4%91")
        assert (led.status, led.headers["location"]) == (
            303,
            "/dang-nhap?lang=vi&next=/ho-so%3Fma%3D1%26x%3D%25C4%2591",
        )
        part = browser.ask("/phan", HX_Request="true")
        assert (part.status, part.headers["hx-redirect"]) == (204, "/dang-nhap?lang=vi&next=/")
        assert browser.ask("/static/style.css").headers["cache-control"] == "max-age=60"
        page = browser.ask(led.headers["location"])
        assert page.status == 200 and page.headers["cache-control"] == "no-store"
        assert (
            'autocomplete="current-password"' in page.body
            and '<label for="ten">Tên tài khoản</label>' in page.body
        )
        answer = browser.log_in(next_path="/ho-so?ma=1")
        assert (answer.status, answer.headers["location"]) == (303, "/ho-so?ma=1")
        assert browser.ask("/").page["viewer"] == ["lan", "lan", True]
        assert Browser(browser.port).ask("/").status == 303


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(accounts: Guard) -> None:
    with serving(accounts) as browser:
        wrong, unknown = browser.log_in(password="sai"), browser.log_in(name="ai")
        assert wrong.status == unknown.status == 403
        assert 'role="alert">Sai tên tài khoản hoặc mật khẩu' in wrong.body
        without = [re.sub(r'value="[^"]*"', "", answer.body) for answer in (wrong, unknown)]
        assert without[0] == without[1]
        assert browser.ask("/").status == 303
        hostile = browser.log_in(name='"><script>alert(1)</script>', next_path='"><script>')
        assert "<script>" not in hostile.body


def test_the_page_speaks_the_language_of_the_address(accounts: Guard) -> None:
    with serving(accounts) as browser:
        page = browser.ask("/dang-nhap?lang=en").body
        assert '<html lang="en">' in page and ">Log in</button>" in page
        assert browser.ask("/?lang=en").headers["location"] == "/dang-nhap?lang=en&next=/%3Flang%3Den"


def test_logging_in_starts_a_new_session_and_logging_out_ends_it(accounts: Guard) -> None:
    with serving(accounts) as browser:
        before = browser.token()
        kept = dict(browser.cookies)
        browser.log_in()
        token = str(browser.ask("/").page["csrf"])
        assert token != before
        assert Browser(browser.port, kept).ask("/").status == 303
        copied = dict(browser.cookies)
        assert browser.ask("/dang-xuat").page["path"] == "/dang-xuat"  # a link elsewhere logs nobody out
        assert browser.send("/dang-xuat", {"csrf": before}).status == 403
        assert browser.send("/dang-xuat", {"csrf": token}).headers["location"] == "/dang-nhap?lang=vi"
        assert browser.ask("/").status == 303
        assert Browser(browser.port, copied).ask("/").status == 303


def test_a_session_ends_with_its_account_and_with_its_password(accounts: Guard, warehouse: Engine) -> None:
    with serving(accounts) as browser:
        browser.log_in()
        with warehouse.begin() as connection:
            make_account(connection, Wanted("lan", (), False, _PASSWORD))
        assert browser.ask("/").status == 303
        browser.log_in()
        assert browser.ask("/").page["viewer"] == ["lan", "lan", False]
        with warehouse.begin() as connection:
            close_account(connection, "lan")
        assert browser.ask("/").status == 303
        assert browser.log_in().status == 403


def test_a_session_ends_after_twelve_hours(accounts: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(accounts) as browser:
        browser.log_in()
        later = time.time() + 12 * 3600
        monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later - 60)
        assert browser.ask("/").status == 200
        monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later + 60)
        assert browser.ask("/").status == 303


def test_guessing_passwords_of_a_name_waits(accounts: Guard) -> None:
    with serving(accounts) as browser:
        answers = [browser.log_in(password="sai") for _ in range(6)]
        assert [answer.status for answer in answers] == [403] * 5 + [429]
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 12
        assert browser.log_in().status == 429
        assert browser.log_in(name="an").status == 303


def test_by_tls_cookies_are_for_tls_and_this_host_alone(accounts: Guard) -> None:
    with serving(replace(accounts, has_tls=True)) as browser:
        page = browser.ask("/dang-nhap")
        assert page.cookies[0].startswith("__Host-motcua=") and page.cookies[0].endswith("; Secure")
        assert page.headers["strict-transport-security"] == "max-age=31536000"


def test_a_proxy_names_who_it_is_and_nobody_else_does(accounts: Guard) -> None:
    with serving(replace(accounts, mode="proxy")) as browser:
        assert browser.ask("/", X_Remote_User="an").page["viewer"] == ["an", "an", False]
        assert browser.ask("/").status == 403
        for name in ("", "ai", "LAN", "lan, an", "*", "board:lan"):
            assert browser.ask("/", X_Remote_User=name).status == 403, name
        assert browser.ask("/", X_Remote_User="lan", Host="evil.vn").status == 421
    with serving(accounts) as browser:
        assert browser.ask("/", X_Remote_User="lan").status == 303
    with serving(_OPEN) as browser:
        assert browser.ask("/", X_Remote_User="lan").page["viewer"] == ["an", "*", True]


@pytest.mark.parametrize(
    ("client", "headers", "status"),
    [
        (("127.0.0.1", 1), ["lan"], 200),
        (("::1", 1), ["lan"], 200),
        (None, ["lan"], 200),
        (("10.0.0.7", 1), ["lan"], 403),
        (("fe80::1", 1), ["lan"], 403),
        (("127.0.0.1", 1), ["lan", "an"], 403),
    ],
)
def test_the_proxy_s_header_is_taken_from_this_machine_alone_and_once(
    accounts: Guard, client: tuple[str, int] | None, headers: list[str], status: int
) -> None:
    import asyncio

    scope = {
        "type": "http", "method": "GET", "path": "/", "raw_path": b"/", "query_string": b"", "scheme": "http",
        "client": client, "server": ("127.0.0.1", 80), "root_path": "", "http_version": "1.1",
        "headers": [(b"host", b"localhost"), *((b"x-remote-user", name.encode()) for name in headers)],
    }  # fmt: skip
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    # In a thread of its own: a browser that another test has open keeps a loop in this one.
    answering = guarded(_APP, replace(accounts, mode="proxy"))(scope, receive, send)  # type: ignore[arg-type]
    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, answering).result()
    assert sent[0]["status"] == status


def test_while_the_warehouse_is_away_the_board_says_so() -> None:
    engine = open_engine("postgresql://nobody@127.0.0.1:1/none")
    with serving(Guard("proxy", secret="x", engine=engine)) as browser:
        answer = browser.ask("/", X_Remote_User="lan")
        assert (answer.status, answer.headers["retry-after"]) == (503, "10")
        assert answer.body == "Kho dữ liệu chưa trả lời; hãy thử lại sau ít phút."


def test_where_rows_can_not_be_limited_a_limited_account_is_told_so(
    accounts: Guard, warehouse: Engine
) -> None:
    with warehouse.begin() as connection:
        connection.execute(text("alter table mart.daily_flow disable row level security"))
    with serving(accounts) as browser:
        refused = browser.log_in(name="an")
        assert refused.status == 403 and "không giới hạn được người xem theo đơn vị" in refused.body
        assert browser.log_in(name="lan").status == 303


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("/ho-so?ma=1", "/ho-so?ma=1"),
        ("/", "/"),
        ("", "/"),
        ("//evil.vn", "/"),
        ("/\\evil.vn", "/"),
        ("https://evil.vn", "/"),
        ("/\t/evil.vn", "/"),
        ("/a\r\nSet-Cookie: x", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_after_logging_in_one_stays_on_the_board(given: str, path: str) -> None:
    assert local_path(given) == path


@pytest.mark.parametrize(
    ("host", "has_tls", "mode", "refusal"),
    [
        ("127.0.0.1", False, "open", None),
        ("localhost", False, "accounts", None),
        ("::1", False, "proxy", None),
        ("127.0.0.1", True, "accounts", None),
        ("0.0.0.0", True, "accounts", None),
        ("0.0.0.0", False, "open", "thiếu TLS hoặc tài khoản"),
        ("0.0.0.0", True, "open", "thiếu TLS hoặc tài khoản"),
        ("192.168.1.7", False, "accounts", "thiếu TLS hoặc tài khoản"),
        ("::", False, "accounts", "thiếu TLS hoặc tài khoản"),
        ("board.tinh.vn", False, "accounts", "thiếu TLS hoặc tài khoản"),
        ("0.0.0.0", True, "proxy", "proxy trên chính máy này"),
    ],
)
def test_the_board_opens_elsewhere_only_behind_tls_with_accounts(
    tmp_path: Path, host: str, has_tls: bool, mode: str, refusal: str | None
) -> None:
    tls = Tls(tmp_path / "c.pem", tmp_path / "k.pem") if has_tls else None
    for file in tls or ():
        file.touch()
    if refusal is None:
        check_exposure(host, tls, mode)  # type: ignore[arg-type]
    else:
        with pytest.raises(WarehouseError, match=refusal):
            check_exposure(host, tls, mode)  # type: ignore[arg-type]


def test_a_certificate_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match=r"không-có\.pem"):
        check_exposure("0.0.0.0", Tls(tmp_path / "không-có.pem", tmp_path / "k.pem"), "accounts")


def test_the_secret_of_sessions_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    first = session_secret(tmp_path)
    assert first == session_secret(tmp_path) and len(first) > 40
    assert (tmp_path / "passwords.json").stat().st_mode & 0o077 == 0
    (tmp_path / "passwords.json").unlink()
    assert session_secret(tmp_path) != first
