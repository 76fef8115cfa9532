"""SFTP: only servers whose key is known, only plain files, and no waiting without end.

Here: what fsspec's own SFTP leaves open. It accepts the key of any server. Not here: listing and reading (`landing_files.py`).
Needs paramiko: imported only for an address of this kind.
"""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import paramiko
from fsspec.implementations.sftp import SFTPFileSystem

from assets.exports.landed import Guard, LandedFile, LandingError, RefusedFileError
from assets.exports.landing_files import FilePlace, unseen
from warehouse_sql.messages import message

_PORT = 22
_SECONDS_TO_CONNECT = 15
_SECONDS_TO_ANSWER = 60
_OF_THE_MACHINE = Path("/etc/ssh/ssh_known_hosts")


def open_sftp(url: str, shown: str) -> FilePlace:
    """Returns the folder of that address.

    Raises LandingError where the server can't be reached, or is not the known one.
    """
    parts = urlsplit(url)
    options: dict[str, Any] = {"port": parts.port or _PORT}
    if parts.username:
        options["username"] = unquote(parts.username)
    if parts.password:
        options["password"] = unquote(parts.password)
    if not parts.hostname:
        raise LandingError(
            message(
                "Địa chỉ {place} không có tên máy chủ; hãy viết sftp://người-dùng@máy-chủ/thư-mục.",
                place=shown,
            )
        )
    try:
        system = _KnownServer(parts.hostname, skip_instance_cache=True, **options)
    except LandingError:
        raise
    except paramiko.BadHostKeyException as error:
        raise LandingError(
            message(
                "Khóa của máy chủ SFTP {host} đã khác với khóa trong known_hosts ({fingerprint}); hãy hỏi người quản trị"
                " máy chủ vì sao, chỉ khi đúng mới thay khóa trong known_hosts.",
                host=error.hostname,
                fingerprint=error.key.fingerprint,
            )
        ) from error
    except Exception as error:
        raise unseen(shown, error) from error
    # The path stands on its own in messages, so it is what the address says after decoding.
    root = unquote(parts.path).rstrip("/") or "/"
    return FilePlace(system, root, shown, is_remote=True, guard=_guard(system))


class _KnownServer(SFTPFileSystem):  # type: ignore[misc]
    """SFTP of fsspec, to servers whose key stands in known_hosts. `known_hosts` names another file of keys."""

    def _connect(self) -> None:
        options = dict(self.ssh_kwargs)
        file = options.pop("known_hosts", None)
        self.client = paramiko.SSHClient()
        try:
            self.client.load_system_host_keys(file)
        except OSError as error:
            raise LandingError(
                message(
                    "Không đọc được tệp khóa máy chủ {file} ({reason}); hãy sửa FSSPEC_SFTP_KNOWN_HOSTS.",
                    file=file,
                    reason=error.strerror,
                )
            ) from error
        if file is None and _OF_THE_MACHINE.is_file():
            self.client.load_system_host_keys(str(_OF_THE_MACHINE))
        self.client.set_missing_host_key_policy(_Refuse(self.host, int(options.get("port", _PORT))))
        limits = dict.fromkeys(("timeout", "banner_timeout", "auth_timeout"), _SECONDS_TO_CONNECT)
        self.client.connect(self.host, **(limits | options))
        self.ftp = self.client.open_sftp()
        self.ftp.get_channel().settimeout(_SECONDS_TO_ANSWER)

    @staticmethod
    def _decode_stat(stats: Any, parent_path: str | None = None) -> dict[str, Any]:
        info: dict[str, Any] = SFTPFileSystem._decode_stat(stats, parent_path)
        return info | {"islink": stat.S_ISLNK(stats.st_mode)}


class _Refuse(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
    """No server is believed because it is the first to answer."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port

    def missing_host_key(self, client: Any, hostname: str, key: Any) -> None:
        """Raises LandingError with what a person has to compare, and how to accept it."""
        raise LandingError(
            message(
                "Máy chủ SFTP {host} chưa có trong known_hosts (khóa {kind} {fingerprint}); hãy hỏi người quản trị máy chủ"
                " khóa đó có đúng không, nếu đúng thì chạy: ssh-keyscan -p {port} {host} >> ~/.ssh/known_hosts",
                host=self._host,
                kind=key.get_name(),
                fingerprint=key.fingerprint,
                port=self._port,
            )
        )


def _guard(system: _KnownServer) -> Guard:
    """Returns a guard against links, whose targets are not ours to judge, and against pipes and devices."""

    def guard(place: str, file: LandedFile) -> None:
        mode = system.ftp.lstat(place).st_mode or 0
        if stat.S_ISLNK(mode):
            raise RefusedFileError(
                message(
                    "Liên kết (symlink) trên máy chủ SFTP không được đọc; hãy chép chính tệp đó vào nơi nhận."
                )
            )
        if not stat.S_ISREG(mode):
            raise RefusedFileError(message("Không phải là tệp thường; hãy gửi tệp do cổng xuất ra."))

    return guard
