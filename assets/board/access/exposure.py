"""Where the board may listen: on loopback as it is, elsewhere only behind TLS with accounts.

Here: the addresses, and the names under which browsers may ask for it. Not here: who may see what (`guard.py`).
"""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Literal, NamedTuple

from warehouse_sql.errors import WarehouseError
from warehouse_sql.messages import message

Mode = Literal["open", "accounts", "proxy"]
#: Names of this machine for itself, as they stand in the Host of a request.
LOOPBACK_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
#: Among allowed hosts: every name. Only where TLS keeps strangers' names out.
ANY_HOST = "*"


class Tls(NamedTuple):
    """Files of the certificate and of its key."""

    certificate: Path
    key: Path


def is_loopback(host: str) -> bool:
    """Returns True for an address or name of this machine that nobody else reaches."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_exposure(host: str, tls: Tls | None, mode: Mode) -> None:
    """Raises WarehouseError where the board would be open to whom it must not be, or its certificate can't be read."""
    for file in tls or ():
        try:
            file.open("rb").close()
        except OSError as error:
            raise WarehouseError(
                message(
                    "{file}: không mở được tệp chứng thư của bảng điều hành ({reason}); hãy kiểm tra đường dẫn và quyền đọc.",
                    file=file,
                    reason=error.strerror,
                )
            ) from error
    if is_loopback(host):
        return
    if mode == "proxy":
        raise WarehouseError(
            message(
                "Bảng điều hành chỉ tin tên người dùng do proxy trên chính máy này gửi, nên không mở ở {host}; hãy để"
                " --host 127.0.0.1 và cho proxy chuyển tiếp vào đó.",
                host=host,
            )
        )
    if mode == "open" or tls is None:
        raise WarehouseError(
            message(
                "Không mở bảng điều hành ở {host} khi thiếu TLS hoặc tài khoản: ai vào được mạng cũng xem được; hãy thêm"
                " chứng thư (tệp chứng thư và khóa) và tài khoản (motcua board account add), hoặc dùng --host 127.0.0.1.",
                host=host,
            )
        )


def allowed_hosts(host: str, names: tuple[str, ...] = ()) -> frozenset[str]:
    """Returns the names under which browsers may ask for a board that listens at `host`; `names`: those of the office.

    A page of elsewhere whose name was made to lead to this machine is refused by them. Elsewhere than on loopback TLS does that.
    """
    given = frozenset(name.strip("[]").lower() for name in names)
    if is_loopback(host):
        return LOOPBACK_HOSTS | given
    return given or frozenset({ANY_HOST})
