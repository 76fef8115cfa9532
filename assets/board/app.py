"""The board as a web application: addresses, files of lists, and what people do to alerts.

Here: HTTP. Not here: pages (`site.py`), who may see what (`access`), the server (`pipelines/cli/board.py`).
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, TimeoutError
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from assets.alerts.book import AlertError, acknowledge, silence
from assets.alerts.resources import vietnam_now
from assets.board.access.accounts import note_look
from assets.board.access.incoming import local_path
from assets.board.access.viewer import EVERYBODY, Viewer
from assets.board.choice import ChoiceError, read_choice
from assets.board.drawing import draw_alone
from assets.board.files import write_listing
from assets.board.lists import LISTS
from assets.board.reading import Kept, Reader, as_viewer, reading
from assets.board.site import NoSuchPageError, Person, Surroundings, given, settled
from assets.board.warming import READY_WITHIN_SECONDS, warmed
from warehouse_sql.messages import Language, message, speak, spoken

_STATIC = Path(__file__).with_name("static")
_KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}

#: The warehouse does not answer, or not in time.
_AWAY = (DBAPIError, TimeoutError)
_NO_ANSWER = message("Kho dữ liệu chưa trả lời; hãy thử lại sau ít phút.")


@dataclass(frozen=True)
class Board:
    """What the application stands on: the pool of its login, and rows that were read."""

    engine: Engine
    kept: Kept = field(default_factory=Kept)


def application(board: Board) -> Starlette:
    """Returns the application; whom a page is for stands in `request.state`, put there by what guards it (`access.guard`)."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        with warmed(board.engine, board.kept) as ready:
            await run_in_threadpool(ready.wait, READY_WITHIN_SECONDS)
            yield

    app = Starlette(
        lifespan=lifespan,
        routes=[
            Route("/tep/{name}.{ending}", _file, methods=["GET"]),
            Route("/canh-bao/{alert_id}/{act}", _act, methods=["POST"]),
            Mount("/static", StaticFiles(directory=_STATIC)),
            Route("/{path:path}", _page, methods=["GET"]),
        ],
    )
    app.state.board = board
    return app


async def _page(request: Request) -> Response:
    return await run_in_threadpool(_answer, request)


def _answer(request: Request) -> Response:
    viewer, query, path = _viewer(request), dict(request.query_params), f"/{request.path_params['path']}"
    person = Person(
        viewer.name, viewer.viewer_setting != EVERYBODY, viewer.may_acknowledge, request.state.csrf
    )
    try:
        with _reading(request) as reader:
            shown = given(reader, path, query, person, Surroundings())
        if shown.dossier_code:
            _note_card(request, viewer, shown.dossier_code)
    except ChoiceError as error:
        return _failed(query, str(error.args[0]), 400)
    except NoSuchPageError as error:
        return _failed(query, str(error.args[0]), 404)
    except _AWAY:
        return _failed(query, _NO_ANSWER, 503)
    return HTMLResponse(shown.html)


def _note_card(request: Request, viewer: Viewer, code: str) -> None:
    """Notes who looked at which dossier's card; a card that can't be noted is not shown."""
    board: Board = request.app.state.board
    with board.engine.connect() as connection, connection.begin():
        as_viewer(connection, viewer.viewer_setting, is_read_only=False)
        note_look(connection, viewer.name or "", code)


async def _file(request: Request) -> Response:
    return await run_in_threadpool(_list_file, request)


def _list_file(request: Request) -> Response:
    name, ending = request.path_params["name"], request.path_params["ending"]
    query = dict(request.query_params)
    if name not in LISTS or ending not in _KINDS:
        return _failed(query, message("Không có danh sách “{name}”.", name=f"{name}.{ending}"), 404)
    folder = tempfile.TemporaryDirectory(prefix="motcua-board-")
    file = Path(folder.name) / f"{name}.{ending}"
    try:
        with _reading(request) as reader:
            choice = settled(reader, read_choice(query))
            speak("en" if choice.lang == "en" else "vi")
            write_listing(reader, LISTS[name], choice, file)
    except ChoiceError as error:
        folder.cleanup()
        return _failed(query, str(error.args[0]), 400)
    except _AWAY:
        folder.cleanup()
        return _failed(query, _NO_ANSWER, 503)
    return FileResponse(
        file, media_type=_KINDS[ending], filename=file.name, background=BackgroundTask(folder.cleanup)
    )


async def _act(request: Request) -> Response:
    return await run_in_threadpool(_acted, request, request.state.form)


def _acted(request: Request, form: Mapping[str, str]) -> Response:
    """Takes an alert on, or silences it, and leads back to where it was done."""
    viewer = _viewer(request)
    alert_id, act = request.path_params["alert_id"], request.path_params["act"]
    if not viewer.may_acknowledge:
        return _failed({}, message("Bạn chỉ được xem, không được nhận hoặc tắt cảnh báo."), 403)
    note = form.get("note", "").strip()[:200] or None
    board: Board = request.app.state.board
    try:
        with board.engine.connect() as connection, connection.begin():
            as_viewer(connection, viewer.viewer_setting, is_read_only=False)
            if act == "nhan":
                acknowledge(connection, alert_id, viewer.name, note, vietnam_now())
            elif act == "tat":
                silence(connection, alert_id, _until(form), viewer.name, note, vietnam_now())
            else:
                return _failed({}, message("Không có việc “{act}”.", act=act), 404)
    except (AlertError, ChoiceError) as error:
        return _failed({}, str(error.args[0]), 400)
    except _AWAY:
        return _failed({}, _NO_ANSWER, 503)
    board.kept.forget_alerts()
    return RedirectResponse(local_path(form.get("back", "/")), status_code=303)


def _until(form: Mapping[str, str]) -> date:
    try:
        return date.fromisoformat(form.get("until", ""))
    except ValueError:
        raise ChoiceError(message("Hãy chọn ngày cuối còn tắt cảnh báo.")) from None


def _viewer(request: Request) -> Viewer:
    viewer: Viewer = request.state.viewer
    return viewer


@contextmanager
def _reading(request: Request) -> Iterator[Reader]:
    board: Board = request.app.state.board
    with reading(board.engine, _viewer(request).viewer_setting, board.kept) as reader:
        yield reader


def _failed(query: Mapping[str, str], reason: str, status: int) -> HTMLResponse:
    lang: Language = "en" if query.get("lang") == "en" else "vi"
    speak(lang)
    return HTMLResponse(draw_alone("loi.html.jinja", {"lang": lang, "reason": spoken(reason)}), status)
