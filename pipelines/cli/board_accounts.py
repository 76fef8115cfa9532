"""`motcua board account`: who may log in to the board, what each may see, and who looked at which dossier.

Not here: how accounts are kept and checked (`assets/board/access/accounts.py`).
"""

from __future__ import annotations

import sys
from datetime import datetime
from getpass import getpass
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.console import first_line, open_warehouse, say, show_rows
from pipelines.settings import Settings
from warehouse_sql.errors import WarehouseError
from warehouse_sql.messages import Message, message, spoken

app = typer.Typer(help="Tài khoản đăng nhập bảng điều hành, và ai đã xem hồ sơ nào.", no_args_is_help=True)
_ACCOUNT = Annotated[str, typer.Argument(metavar="NAME", help="Tên tài khoản.")]


@app.command()
def add(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="Tên tài khoản: chữ thường không dấu, số, _ . -.")
    ],
    unit: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE",
            help="Chỉ thấy đơn vị này, nhắc lại được: mã cấp huyện cũ gồm các xã của huyện; kèm đơn vị tiếp nhận sau 1/7/2025"
            " và các đơn vị hợp thành đơn vị đó. Mặc định: mọi đơn vị.",
        ),
    ] = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Chỉ xem, không nhận và không tắt cảnh báo.")
    ] = False,
    password_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            dir_okay=False,
            help="Lấy mật khẩu ở dòng đầu của tệp (ít nhất 12 ký tự). Mặc định: hỏi khi chạy.",
        ),
    ] = None,
) -> None:
    """Tạo tài khoản, hoặc đổi đơn vị, quyền và mật khẩu của tài khoản đã có; phiên cũ của tài khoản đó kết thúc."""
    from assets.board.access.accounts import Wanted, make_account

    password = first_line(password_file) if password_file else _asked_password()
    with open_warehouse(Settings()).begin() as connection:
        is_new = make_account(connection, Wanted(name, tuple(unit or ()), not read_only, password))
    if is_new:
        say(message("Đã tạo tài khoản {name}.", name=name))
    else:
        say(message("Đã đổi đơn vị, quyền và mật khẩu của tài khoản {name}.", name=name))


@app.command("list")
def list_all() -> None:
    """Các tài khoản, cả những tài khoản đã đóng."""
    from assets.board.access.accounts import list_accounts

    with open_warehouse(Settings()).connect() as connection:
        accounts = list_accounts(connection)
    if not accounts:
        say(message("Chưa có tài khoản nào; hãy tạo bằng motcua board account add."))
        return
    heads = (
        *(message("Tài khoản"), message("Đơn vị"), message("Cảnh báo")),
        *(message("Tạo lúc"), message("Đóng lúc")),
    )
    cells = [
        (
            account.name,
            _units(account.units, account.closed_at),
            message("được nhận và tắt") if account.may_acknowledge else message("chỉ xem"),
            message("{at:instant}", at=account.made_at),
            message("{at:instant}", at=account.closed_at),
        )
        for account in accounts
    ]
    show_rows(heads, cells, unbroken=(0,))


@app.command()
def close(name: _ACCOUNT) -> None:
    """Đóng tài khoản: các phiên đang mở kết thúc, không đăng nhập được nữa; nhật ký xem hồ sơ vẫn còn."""
    from assets.board.access.accounts import close_account

    with open_warehouse(Settings()).begin() as connection:
        close_account(connection, name)
    say(message("Đã đóng tài khoản {name}.", name=name))


@app.command()
def log(
    dossier: Annotated[
        str | None, typer.Option("--dossier", metavar="CODE", help="Chỉ những lần xem hồ sơ này.")
    ] = None,
    account: Annotated[
        str | None, typer.Option("--account", metavar="NAME", help="Chỉ những lần tài khoản này xem.")
    ] = None,
    since: Annotated[
        datetime | None, typer.Option("--since", formats=["%Y-%m-%d"], help="Từ ngày này.")
    ] = None,
) -> None:
    """Ai đã mở thẻ của hồ sơ nào, mới nhất trước."""
    from assets.board.access.accounts import looks

    with open_warehouse(Settings()).connect() as connection:
        rows = looks(connection, dossier, account, since.date() if since else None)
    if not rows:
        say(message("Chưa có ai xem."))
        return
    cells = [(message("{at:instant}", at=row.at), row.account, row.dossier_code) for row in rows]
    show_rows((message("Lúc"), message("Tài khoản"), message("Hồ sơ")), cells, unbroken=(0, 1, 2))


def _units(units: list[str], closed_at: datetime | None) -> str:
    every: Message | str = "" if closed_at else message("mọi đơn vị")
    return ", ".join(units) or every


def _asked_password() -> str:
    """Returns what is typed twice alike at the terminal."""
    if not sys.stdin.isatty():
        raise WarehouseError(
            message("Không hỏi được mật khẩu vì không chạy trong cửa sổ lệnh; hãy thêm --password-file.")
        )
    password = getpass(spoken(message("Mật khẩu (ít nhất 12 ký tự): ")))
    if getpass(spoken(message("Gõ lại mật khẩu: "))) != password:
        raise WarehouseError(message("Hai lần gõ mật khẩu khác nhau; hãy chạy lại."))
    return password
