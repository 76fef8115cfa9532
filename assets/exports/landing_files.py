"""Places with folders and files of their own: this machine, S3, SFTP, whatever fsspec knows.

Here: listing and reading through fsspec. Not here: web servers, which have no listing (`landing_http.py`).
"""

from __future__ import annotations

import stat
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from assets.exports.landed import (
    Guard,
    LandedFile,
    LandingError,
    LandingOutOfReachError,
    Listing,
    RefusedFileError,
    is_hidden,
    refuse_too_large,
    shown_path,
)
from warehouse_sql.messages import message

# By the names of their classes: the libraries are there only where they are needed.
_REFUSED = {"PermissionError", "NoCredentialsError", "PartialCredentialsError", "AuthenticationException"}
_REFUSED |= {"PasswordRequiredException", "BadAuthenticationType", "TokenRetrievalError", "ProfileNotFound"}
_UNREACHED = {"TimeoutError", "gaierror", "ConnectionError", "ConnectTimeoutError", "EndpointConnectionError"}
_UNREACHED |= {"NoValidConnectionsError", "ConnectionClosedError", "ReadTimeoutError", "ProxyConnectionError"}


class FilePlace:
    """A root folder of a file system of fsspec. `shown` is its address as people may see it."""

    def __init__(
        self, system: Any, root: str, shown: str, *, is_remote: bool = False, guard: Guard | None = None
    ) -> None:
        self._system = system
        self._root = root
        self._shown = shown
        self._guard = guard
        self.is_remote = is_remote

    def exists(self) -> bool:
        """Returns True if the root is a folder."""
        with self._reached():
            try:
                return bool(self._system.info(self._root)["type"] == "directory")
            except (FileNotFoundError, NotADirectoryError):
                return False

    def list(self, sources: Collection[str]) -> Listing:
        """Returns all files below the folders of the root."""
        with self._reached():
            return Listing(self._files())

    def look_again(self, files: Iterable[LandedFile], sources: Collection[str]) -> dict[str, LandedFile]:
        """Returns all files as they are now."""
        return self.list(sources).files

    def read(self, file: LandedFile) -> bytes | None:
        """Returns the bytes, or None when the file changed since it was listed, or is gone."""
        place = file.place or f"{self._root.rstrip('/')}/{file.path}"
        refuse_too_large(file.size)
        size = file.size or 0
        try:
            if self._guard:
                self._guard(place, file)
            with self._system.open(place, "rb") as stream:
                content: bytes = stream.read(size + 1)  # one that grows is not read to its end
            info = self._system.info(place)
        except FileNotFoundError:
            return None
        except Exception as error:
            if not self.is_remote or isinstance(error, RefusedFileError):
                raise
            raise RefusedFileError(message("Không tải được tệp: {reason}.", reason=reason(error))) from error
        now = (_size(info), _modified_ns(info), info.get("ETag"))
        return content if len(content) == size and now == (size, file.modified_ns, file.etag) else None

    @contextmanager
    def _reached(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            if not self.is_remote or isinstance(error, LandingError):
                raise
            raise unseen(self._shown, error) from error

    def _files(self) -> dict[str, LandedFile]:
        self._system.invalidate_cache()
        files = {}
        for place, info in self._details().items():
            path = place[len(self._root) :].lstrip("/")
            if (
                "/" not in path or path.endswith("/") or is_hidden(path)
            ):  # S3 marks a folder by an empty object
                continue
            shown = shown_path(path)
            of_file = self._behind_link(place) if info.get("islink") else info
            files[shown] = LandedFile(
                shown.split("/")[0], shown, _size(of_file), _modified_ns(of_file), place, info.get("ETag")
            )
        return files

    def _details(self) -> dict[str, dict[str, Any]]:
        details: dict[str, dict[str, Any]] = self._system.find(self._root, detail=True)
        if self.is_remote:
            # The folder of a source may itself be a link: that is the office's own choice.
            links = [place for place, info in details.items() if info.get("islink")]
            for place in links:
                if "/" not in place[len(self._root) :].lstrip("/") and self._system.isdir(place):
                    details |= self._system.find(place, detail=True)
        return details

    def _behind_link(self, place: str) -> dict[str, Any]:
        """Returns what `read` will see: a listing tells the time of the link itself."""
        try:
            info: dict[str, Any] = self._system.info(place)
        except OSError:  # it leads nowhere, which `read` says
            return {}
        return info


def guard_of_folder(root: str) -> Guard:
    """Returns a guard against links that lead out of the folder of the source, pipes and devices.

    Reading these may never end.
    """

    def guard(place: str, file: LandedFile) -> None:
        path = Path(place)
        # The folder of a source may itself be a link: that is the office's own choice.
        folder = (Path(root) / file.source).resolve()
        try:
            real = path.resolve(strict=True)
        except (FileNotFoundError, NotADirectoryError):
            if path.is_symlink():
                raise RefusedFileError(
                    message("Liên kết (symlink) không trỏ tới tệp nào; hãy chép chính tệp đó vào nơi nhận.")
                ) from None
            return  # gone: the caller finds out
        except (OSError, RuntimeError) as error:  # a link to itself
            raise RefusedFileError(
                message("Liên kết (symlink) đi vòng tròn; hãy chép chính tệp đó vào nơi nhận.")
            ) from error
        if not real.is_relative_to(folder):
            raise RefusedFileError(
                message(
                    "Liên kết (symlink) trỏ ra ngoài thư mục của nguồn; hãy chép chính tệp đó vào nơi nhận."
                )
            )
        if not stat.S_ISREG(real.stat().st_mode):
            raise RefusedFileError(message("Không phải là tệp thường; hãy gửi tệp do cổng xuất ra."))

    return guard


def unseen(place: str, error: Exception) -> LandingError:
    """Returns the error of a place that can't be looked at."""
    kind = LandingOutOfReachError if is_silence(error) else LandingError
    return kind(message("Không xem được nơi nhận tệp {place}: {reason}.", place=place, reason=reason(error)))


def is_silence(error: Exception) -> bool:
    """Returns True if another machine did not answer at all, which may be over soon."""
    names = _names(error)
    return bool(names & _UNREACHED) and not names & _REFUSED


def _names(error: Exception) -> set[str]:
    return {kind.__name__ for kind in type(error).__mro__}


def reason(error: Exception) -> str:
    """Returns why another machine did not answer as it should, and what to do."""
    names = _names(error)
    if names & _REFUSED:
        return message(
            "máy chủ không nhận tài khoản, khóa hoặc quyền đọc; hãy kiểm tra thông tin đăng nhập và quyền trên máy chủ"
        )
    if names & _UNREACHED:
        return message("không kết nối được với máy chủ; hãy kiểm tra địa chỉ, mạng và máy chủ rồi chạy lại")
    return message(
        "máy chủ trả lời không đúng ({kind}); hãy kiểm tra địa chỉ và máy chủ rồi chạy lại",
        kind=type(error).__name__,
    )


def _size(info: dict[str, Any]) -> int:
    return int(info.get("size") or 0)


def _modified_ns(info: dict[str, Any]) -> int:
    when = info.get("mtime") or info.get("LastModified") or info.get("modified") or info.get("created") or 0
    return int((when.timestamp() if isinstance(when, datetime) else float(when)) * 1e9)
