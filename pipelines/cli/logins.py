"""`motcua warehouse serve`, `grant` and `revoke`: a port for people's programs, their logins, and how to connect.

Not here: what a login may see (`warehouse_sql/logins.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import typer
from sqlalchemy import Engine

from pipelines.cli.console import first_line, open_warehouse, say, warn
from pipelines.cli.ports import must_be_free
from pipelines.settings import Settings
from warehouse_sql.cluster import LOOPBACK
from warehouse_sql.embedded import administrator_url, serve_embedded
from warehouse_sql.embedded_access import DATABASE
from warehouse_sql.embedded_port import served_port
from warehouse_sql.engine import open_engine
from warehouse_sql.errors import WarehouseError
from warehouse_sql.logins import Wanted, grant_login, revoke_login
from warehouse_sql.messages import message
from warehouse_sql.passwords import new_password
from warehouse_sql.roles import Roles, roles_of

_PORT = 5433


class Place(NamedTuple):
    """Where programs connect to."""

    host: str
    port: int
    database: str


def serve(
    port: Annotated[
        int, typer.Option("--port", min=1024, max=65535, help="Cổng trên máy này (127.0.0.1).")
    ] = _PORT,
    stop: Annotated[bool, typer.Option("--off", help="Đóng cổng; chỉ còn motcua dùng kho.")] = False,
) -> None:
    """Mở cổng của kho nhúng trên chính máy này (127.0.0.1) cho người được cấp quyền, bằng mật khẩu; cổng mở đến khi “--off”,
    cả sau khi khởi động lại."""
    settings = Settings()
    if settings.warehouse_url:
        raise WarehouseError(
            message(
                "MOTCUA_WAREHOUSE_URL là máy chủ của cơ quan, tự mở cổng theo cấu hình của nó; hãy bỏ lệnh này hoặc bỏ"
                " MOTCUA_WAREHOUSE_URL."
            )
        )
    if stop:
        serve_embedded(settings.root, None)
        say(message("Đã đóng cổng; kho nhúng chỉ còn motcua trên máy này dùng."))
        return
    if served_port(settings.root) != port:
        must_be_free(port, "--port")
    serve_embedded(settings.root, port)
    say(
        message(
            "Kho nhúng đang nhận kết nối tại {host}:{port}, chỉ từ máy này và bằng mật khẩu; cấp quyền bằng motcua warehouse"
            " grant.",
            host=LOOPBACK,
            port=str(port),
        )
    )


def grant(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Tên đăng nhập: chữ thường không dấu, số, _.")],
    role: Annotated[
        Literal["reader", "analyst"],
        typer.Option(help="reader: đọc các bảng tổng hợp (mart); analyst: đọc cả hồ sơ và lịch sử."),
    ],
    unit: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CODE",
            help="Chỉ thấy đơn vị này, nhắc lại được: mã cấp huyện cũ gồm các xã của huyện; kèm đơn vị tiếp nhận sau 1/7/2025"
            " và các đơn vị hợp thành đơn vị đó. Chỉ với --role reader.",
        ),
    ] = None,
    password_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            dir_okay=False,
            help="Lấy mật khẩu ở dòng đầu của tệp (ít nhất 12 ký tự). Mặc định: tạo mật khẩu mới và in ra một lần.",
        ),
    ] = None,
) -> None:
    """Cấp quyền đăng nhập kho cho một người, hoặc đổi quyền, đơn vị và mật khẩu của người đã có; in cách kết nối từ từng
    chương trình."""
    password = first_line(password_file) if password_file else new_password()
    with _administered() as (engine, roles, place):
        granted = grant_login(engine, roles, Wanted(name, role, tuple(unit or ()), password))
    if granted.left:
        warn(_for_administrator(granted.left))
    elif granted.is_new:
        say(message("Đã tạo người dùng {name}.", name=name))
    else:
        say(message("Đã đổi quyền, đơn vị và mật khẩu của {name}.", name=name))
    if not password_file:
        # Not by `say`, which would mask it.
        print(f"{name} / {password}")
        say(message("Mật khẩu trên chỉ in một lần và không được lưu; chạy lại lệnh này để đổi."))
    if place is None:
        say(message("Kho nhúng chưa mở cổng; hãy chạy motcua warehouse serve rồi kết nối."))
        place = Place(LOOPBACK, _PORT, DATABASE)
    for program, how in connections(place, name):
        print(f"{program:<14}{how}")
    if granted.left:
        raise typer.Exit(1)


def revoke(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Tên đăng nhập đã cấp.")],
) -> None:
    """Thu lại quyền đăng nhập: phiên đang mở bị ngắt, người dùng và giới hạn đơn vị bị xóa."""
    with _administered() as (engine, roles, _):
        left = revoke_login(engine, roles, name)
    if left:
        warn(_for_administrator(left))
        raise typer.Exit(1)
    say(message("Đã thu lại quyền của {name}.", name=name))


def connections(place: Place, name: str) -> list[tuple[str, str]]:
    """Returns (program, how it connects), without the password."""
    host, port, database = place
    keywords = f"host={host} port={port} dbname={database} user={name}"
    return [
        ("psql", f'psql "{keywords}"'),
        ("DBeaver", f"PostgreSQL · Host {host} · Port {port} · Database {database} · Username {name}"),
        ("Metabase", f"PostgreSQL · Host {host} · Port {port} · Database name {database} · Username {name}"),
        ("Power BI", f"PostgreSQL database · Server {host}:{port} · Database {database} · User name {name}"),
        ("Excel (ODBC)", f"Driver={{PostgreSQL Unicode(x64)}};Server={host};Port={port};Database={database};Uid={name};"),
        ("DuckDB", f"INSTALL postgres; LOAD postgres; ATTACH '{keywords}' AS kho (TYPE postgres, READ_ONLY);"),
        ("Polars", f'pl.read_database_uri(query, "postgresql://{name}:…@{host}:{port}/{database}", engine="adbc")'),
    ]  # fmt: skip


@contextmanager
def _administered() -> Iterator[tuple[Engine, Roles, Place | None]]:
    """Yields an engine whose user may make logins where it can be had, the roles, and where people connect to."""
    settings = Settings()
    if settings.warehouse_url:
        engine = open_warehouse(settings)
        address = engine.url
        place: Place | None = Place(address.host or "localhost", address.port or 5432, address.database or "")
    else:
        open_warehouse(settings).dispose()
        engine = open_engine(administrator_url(settings.root))
        port = served_port(settings.root)
        place = None if port is None else Place(LOOPBACK, port, DATABASE)
    try:
        with engine.connect() as connection:
            roles = roles_of(connection, settings.warehouse_role_prefix())
        yield engine, roles, place
    finally:
        engine.dispose()


def _for_administrator(statements: list[str]) -> str:
    return message(
        "Người dùng kho không được tạo, đổi hay xóa người dùng khác; nhờ người quản trị máy chủ chạy: {statements}",
        statements=" ".join(f"{statement};" for statement in ("begin", *statements, "commit")),
    )
