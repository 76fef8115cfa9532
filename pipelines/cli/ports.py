"""Ports of this machine: whether one is free, and which program holds one that is not."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path

from warehouse_sql.messages import Message, message

HERE = "127.0.0.1"
_LISTENING = "0A"


class PortInUseError(RuntimeError):
    """Another program listens on a port that a command was to open. The message names the port and what to do."""


def must_be_free(port: int, option: str) -> None:
    """PortInUseError, naming the option that chooses another port, when a program listens on this one."""
    with socket.socket() as probe:
        # As servers do: a port whose last connections are only waiting to end is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HERE, port))
        except PermissionError as error:
            raise PortInUseError(
                message(
                    "Không được phép mở cổng {port}; hãy chọn cổng từ 1024 trở lên bằng {option}.",
                    port=port,
                    option=option,
                )
            ) from error
        except OSError as error:
            raise PortInUseError(_in_use(port, option)) from error


def _in_use(port: int, option: str) -> Message:
    if holder := _holder(port):
        return message(
            "Cổng {port} đang được chương trình khác dùng ({holder}); hãy chọn cổng khác bằng {option}.",
            port=port,
            holder=holder,
            option=option,
        )
    return message(
        "Cổng {port} đang được chương trình khác dùng; hãy chọn cổng khác bằng {option}.",
        port=port,
        option=option,
    )


def _holder(port: int) -> str | None:
    """Returns name and process id of the program that listens on a port, where Linux lets us see it."""
    sockets = {f"socket:[{number}]" for number in _listening(port)}
    for process in Path("/proc").glob("[0-9]*") if sockets else ():
        with suppress(OSError):
            if any(str(file.readlink()) in sockets for file in (process / "fd").iterdir()):
                return f"{(process / 'comm').read_text(encoding='utf-8').strip()}, PID {process.name}"
    return None


def _listening(port: int) -> list[str]:
    """Returns the numbers of the sockets that listen on a port."""
    numbers = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with suppress(OSError):
            for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
                columns = line.split()
                if columns[3] == _LISTENING and int(columns[1].rpartition(":")[2], 16) == port:
                    numbers.append(columns[9])
    return numbers
