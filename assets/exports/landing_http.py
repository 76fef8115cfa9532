"""A web server as landing zone: folders are the pages that list them, what a file looks like is asked file by file.

Here: walking the pages, and what a server says of a file (size, time, ETag), else its content. Not here: one request
(`http_client.py`) and one page (`http_listing.py`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from assets.exports.http_client import HttpError, answer, body, is_delimited, open_session, stated_size
from assets.exports.http_listing import path_below, read_listing
from assets.exports.landed import (
    LandedFile,
    LandingError,
    LandingOutOfReachError,
    Listing,
    RefusedFileError,
    is_hidden,
    refuse_too_large,
    shown_path,
)
from warehouse_sql.messages import message, message_of

_WORKERS = 8
#: A listing that leads into itself has no end.
MAX_DEPTH = 16
MAX_FOLDERS = 10_000
_SECONDS_OF_NOW = 2
_MAX_PAGE_BYTES = 16 * 1024**2


@dataclass
class _Walk:
    """What a walk over the pages came to: links of files by shown path, folders of no source, sentences on failures.

    `endless`: the sources whose folders go deeper, or are more, than is walked; `seen`: addresses of the pages.
    """

    links: dict[str, str] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)
    errors: list[str] = field(default_factory=list)
    endless: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)


def open_http(url: str, shown: str) -> HttpPlace:
    """Returns the folder of that address. Nothing is asked of the server yet."""
    session, root = open_session(url)
    return HttpPlace(session, root, shown)


class HttpPlace:
    """The folder of a web server. `shown` is its address as people may see it."""

    is_remote = True

    def __init__(self, session: Any, root: str, shown: str) -> None:
        self._session = session
        self._root = root
        self._shown = shown

    def exists(self) -> bool:
        """Returns True if there is something at the address. What it is, `list` sees."""
        try:
            with answer(self._session, "GET", self._root):
                return True
        except HttpError as error:
            if error.status in {404, 410}:
                return False
            raise self._unseen(error) from error

    def list(self, sources: Collection[str]) -> Listing:
        """Returns the files of `sources`; other folders are named and not entered."""
        walk = _Walk()
        try:
            self._enter(self._root, "", sources, walk)
        except HttpError as error:
            raise self._unseen(error) from error
        with ThreadPoolExecutor(_WORKERS, thread_name_prefix="head") as pool:
            looks = list(pool.map(self._look, walk.links, walk.links.values()))
        folders = [look for look in looks if isinstance(look, _Folder)]
        while folders:  # a server may name a folder without the slash at its end
            inner = _Walk(seen=walk.seen, endless=walk.endless)
            for folder in folders:
                self._enter_inner(folder.link, folder.path, sources, inner)
            walk.errors += inner.errors
            more = [self._look(path, link) for path, link in inner.links.items()]
            folders = [look for look in more if isinstance(look, _Folder)]
            looks += more
        errors = walk.errors + [look for look in looks if isinstance(look, str)]
        errors += [
            message(
                "{path}: các thư mục lồng nhau không có điểm dừng; hãy bỏ liên kết vòng trên máy chủ.",
                path=f"{source}/",
            )
            for source in sorted(walk.endless)
        ]
        files = {look.path: look for look in looks if isinstance(look, LandedFile) and "/" in look.path}
        return Listing(files, walk.unknown, errors)

    def look_again(self, files: Iterable[LandedFile], sources: Collection[str]) -> dict[str, LandedFile]:
        """Returns the files as the server describes them now. One that was read is read again when its turn comes."""
        ask = list(files)
        with ThreadPoolExecutor(_WORKERS, thread_name_prefix="head") as pool:
            looks = pool.map(lambda file: file if file.sha256 else self._look(file.path, file.place), ask)
        return {look.path: look for look in looks if isinstance(look, LandedFile)}

    def read(self, file: LandedFile) -> bytes | None:
        """Returns the bytes, or None when the file changed since it was listed, or is gone."""
        refuse_too_large(file.size)
        try:
            content, delimited = self._download(file.place, file.path)
            if not delimited and file.sha256 is None and self._download(file.place, file.path)[0] != content:
                return None
        except HttpError as error:
            if error.status in {404, 410}:
                return None
            raise RefusedFileError(
                message("Không tải được tệp: {reason}.", reason=message_of(error))
            ) from error
        if file.sha256 is not None:
            return content if hashlib.sha256(content).hexdigest() == file.sha256 else None
        unchanged = self._look(file.path, file.place) == file and file.size in {None, len(content)}
        return content if unchanged else None

    def _unseen(self, error: HttpError) -> LandingError:
        kind = LandingOutOfReachError if error.is_passing else LandingError
        return kind(
            message(
                "Không xem được nơi nhận tệp {place}: {reason}.", place=self._shown, reason=message_of(error)
            )
        )

    def _enter(self, url: str, path: str, sources: Collection[str], walk: _Walk) -> None:
        """Reads the page of a folder and of those below. Raises HttpError for this page alone; of those below keeps sentences."""
        if url in walk.seen:
            return
        if len(walk.seen) >= MAX_FOLDERS or path.count("/") > MAX_DEPTH:
            walk.endless.add(path.partition("/")[0])
            return
        walk.seen.add(url)
        for link in self._links(url):
            below = path_below(link, url)
            if below is None or is_hidden(below.rstrip("/")):
                continue
            inner = f"{path}{below}"
            source = inner.split("/", maxsplit=1)[0]
            if source not in sources:
                if "/" in inner:
                    walk.unknown.add(shown_path(source))
            elif inner.endswith("/"):
                self._enter_inner(link, inner, sources, walk)
            else:
                walk.links[shown_path(inner)] = link

    def _enter_inner(self, url: str, path: str, sources: Collection[str], walk: _Walk) -> None:
        try:
            self._enter(url, path, sources, walk)
        except HttpError as error:
            walk.errors.append(
                message(
                    "{path}: không xem được thư mục: {reason}.",
                    path=shown_path(path),
                    reason=message_of(error),
                )
            )

    def _links(self, url: str) -> Sequence[str]:
        """Returns the links of the page that lists a folder."""
        with answer(self._session, "GET", url) as response:
            kind = response.headers.get("Content-Type", "text/html").partition(";")[0].strip().lower()
            if kind not in {"text/html", "application/xhtml+xml"}:
                raise HttpError(
                    message(
                        "không phải trang danh sách tệp mà là {kind}; hãy chỉ địa chỉ của thư mục", kind=kind
                    )
                )
            html = b""
            for piece in body(response, ""):
                html += piece
                if len(html) > _MAX_PAGE_BYTES:
                    raise HttpError(message("trang danh sách tệp quá lớn; hãy chia tệp vào các thư mục con"))
            # A folder may answer with a page in it, but not with a page elsewhere.
            if path_below(response.url + "x", url) is None:
                raise HttpError(
                    message(
                        "máy chủ chuyển sang {path} (có thể là trang đăng nhập); hãy ghi đúng địa chỉ",
                        path=urlsplit(response.url).path,
                    )
                )
        page = read_listing(html.decode("utf-8", errors="surrogateescape"), url)
        if not page.is_listing:
            raise HttpError(
                message(
                    "trang không phải danh sách tệp (có thể là trang đăng nhập); hãy chỉ địa chỉ của thư mục và cho"
                    " máy chủ liệt kê thư mục"
                )
            )
        return page.links

    def _look(self, path: str, link: str) -> LandedFile | _Folder | str | None:
        """Returns the file as the server describes it, else by its content; a sentence on why it can't be seen.

        None: it is gone.
        """
        try:
            headers = self._ask(link, path)
            if isinstance(headers, _Folder) or headers.is_complete:
                return headers if isinstance(headers, _Folder) else headers.file(path, link)
            return self._look_inside(path, link, headers.size)
        except HttpError as error:
            return message("{path}: không xem được tệp: {reason}.", path=path, reason=message_of(error))
        except RefusedFileError as error:
            return message("{path}: {reason}", path=path, reason=message_of(error))

    def _ask(self, link: str, path: str) -> _Headers | _Folder:
        """Returns what HEAD says; where the server does not know HEAD or is silent, what GET says before the body."""
        with_head: _Headers | _Folder | None = None
        try:
            with answer(self._session, "HEAD", link) as response:
                with_head = _headers(response, link, path)
        except HttpError as error:
            if error.status is None or error.status in {404, 410}:
                raise
        if isinstance(with_head, _Folder) or (
            with_head is not None and with_head.is_complete and with_head.size
        ):
            return with_head
        with answer(self._session, "GET", link) as response:
            return _headers(response, link, path)

    def _look_inside(self, path: str, link: str, size: int | None) -> LandedFile:
        refuse_too_large(size)
        digest, length = hashlib.sha256(), 0
        with answer(self._session, "GET", link) as response:
            for piece in body(response, path):
                digest.update(piece)
                length += len(piece)
        return LandedFile(path.split("/", maxsplit=1)[0], path, length, 0, link, None, digest.hexdigest())

    def _download(self, link: str, path: str) -> tuple[bytes, bool]:
        with answer(self._session, "GET", link) as response:
            return b"".join(body(response, path)), is_delimited(response)


@dataclass(frozen=True)
class _Folder:
    """A link without a slash at its end that leads to a folder."""

    path: str
    link: str


@dataclass(frozen=True)
class _Headers:
    size: int | None
    modified_ns: int
    etag: str | None

    @property
    def is_complete(self) -> bool:
        return bool(self.modified_ns or self.etag)

    def file(self, path: str, link: str) -> LandedFile:
        return LandedFile(path.split("/", maxsplit=1)[0], path, self.size, self.modified_ns, link, self.etag)


def _headers(response: Any, link: str, path: str) -> _Headers | _Folder:
    if response.url.endswith("/") and path_below(response.url + "x", f"{link}/") == "x":
        return _Folder(f"{path}/", response.url)
    modified, now = _seconds(response, "Last-Modified"), _seconds(response, "Date")
    etag = response.headers.get("ETag") or None
    if now - modified <= _SECONDS_OF_NOW and etag is None:
        modified = 0  # a server that makes its answers up as it goes gives every file the present time
    return _Headers(stated_size(response, path), modified * 10**9, etag)


def _seconds(response: Any, name: str) -> int:
    """Returns the instant in a header in seconds since 1970 UTC, 0 where there is none."""
    try:
        return int(parsedate_to_datetime(response.headers.get(name, "")).timestamp())
    except (ValueError, TypeError, OverflowError):
        return 0
