"""`motcua board`: the pages that a manager opens each morning, served to browsers or written into a folder."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli import board_accounts
from pipelines.cli.console import say
from pipelines.cli.ports import HERE, must_be_free
from pipelines.settings import Settings
from warehouse_sql.engine import open_engine
from warehouse_sql.errors import WarehouseError
from warehouse_sql.messages import language, message
from warehouse_sql.query_login import board_url

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from starlette.types import ASGIApp
    from uvicorn import Server

    from assets.board.access.exposure import Mode, Tls

app = typer.Typer(invoke_without_command=True)
app.add_typer(board_accounts.app, name="account")
PORT = 8080
#: Pages that are asked for at once; more of them wait for a moment.
_AT_ONCE = 10


@app.callback()
def board(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", help="Địa chỉ mà bảng điều hành nghe.")] = HERE,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Cổng.")] = PORT,
    accounts: Annotated[
        bool, typer.Option("--accounts", help="Phải đăng nhập, kể cả trên máy này (ngoài máy này luôn phải).")
    ] = False,
    proxy_header: Annotated[
        str | None,
        typer.Option(
            "--proxy-header",
            metavar="NAME",
            help="Tin tên người dùng do proxy trên máy này gửi trong header đó.",
        ),
    ] = None,
    certificate: Annotated[
        Path | None,
        typer.Option("--certificate", metavar="FILE", help="Chứng thư TLS (PEM); cần cùng --key."),
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help="Khóa của chứng thư (PEM).")
    ] = None,
    names: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="NAME", help="Tên máy mà trình duyệt dùng để mở; có thể lặp lại."),
    ] = None,
    static: Annotated[
        Path | None,
        typer.Option(
            "--static", metavar="DIR", help="Ghi các trang vào một thư mục (cho USB) thay vì mở máy chủ."
        ),
    ] = None,
) -> None:
    """Mở bảng điều hành tại http://127.0.0.1:CỔNG (Ctrl+C để dừng), hoặc ghi thành thư mục."""
    if context.invoked_subcommand is not None:
        return
    from assets.board.access.exposure import Tls, check_exposure

    if (certificate is None) != (key is None):
        raise typer.BadParameter(message("--certificate và --key phải đi cùng nhau."))
    if static is not None:
        _write(Settings(), static)
        return
    tls = Tls(certificate, key) if certificate and key else None
    mode: Mode = "proxy" if proxy_header else "accounts" if accounts or host != HERE else "open"
    check_exposure(host, tls, mode)
    must_be_free(port, "--port")
    served = guarded_board(Settings(), host, mode, tls, proxy_header, tuple(names or ()))
    say(message("Bảng điều hành: {address}", address=f"{'https' if tls else 'http'}://{host}:{port}/"))
    server_of(served, host, port, tls).run()


def guarded_board(
    settings: Settings,
    host: str,
    mode: Mode,
    tls: Tls | None = None,
    proxy_header: str | None = None,
    names: tuple[str, ...] = (),
) -> ASGIApp:
    """Returns the board of the warehouse of the settings, behind its guard."""
    from assets.board.access.exposure import allowed_hosts
    from assets.board.access.guard import Guard, guarded
    from assets.board.access.session import session_secret
    from assets.board.app import Board, application

    engine = _engine(settings)
    guard = Guard(
        mode=mode,
        secret=session_secret(settings.root),
        hosts=allowed_hosts(host, names),
        user=getpass.getuser(),
        engine=engine,
        has_tls=tls is not None or mode == "proxy",
        header=(proxy_header or "x-remote-user").lower(),
        language=language(),
    )
    return guarded(application(Board(engine)), guard)


def server_of(served: ASGIApp, host: str, port: int, tls: Tls | None = None) -> Server:
    """Returns the server of a board, which `run` serves until its `should_exit` is set."""
    import uvicorn

    config = uvicorn.Config(
        served,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # the guard has to see the peer itself
        ssl_certfile=tls.certificate if tls else None,
        ssl_keyfile=tls.key if tls else None,
    )
    return uvicorn.Server(config)


def _write(settings: Settings, to: Path) -> None:
    from assets.board.folder import write_folder

    engine = _engine(settings)
    try:
        count = write_folder(engine, to, language())
    except FileExistsError:
        raise WarehouseError(
            message("Thư mục {folder} đã có nội dung; hãy chọn thư mục mới hoặc trống.", folder=to)
        ) from None
    finally:
        engine.dispose()
    say(
        message(
            "Đã ghi {count:number} tệp; hãy mở {file} bằng trình duyệt.", count=count, file=to / "index.html"
        )
    )


def _engine(settings: Settings) -> Engine:
    """Returns the pool of the board's own login."""
    return open_engine(
        board_url(settings.warehouse_url, settings.root, settings.warehouse_role_prefix()), _AT_ONCE
    )
