"""The address of a landing zone: which kind of place it is, what it needs, and how it is shown to people.

Here: from an address to a place. Not here: what lies there.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

import fsspec

from assets.exports.landed import LandingError, LandingPlace
from assets.exports.landing_files import FilePlace, guard_of_folder
from warehouse_sql.masking import masked, remember
from warehouse_sql.messages import message

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+)://", re.I)
#: The extra of this package that brings what an address needs.
_EXTRAS = {"http": "http", "https": "http", "sftp": "sftp", "ssh": "sftp", "s3": "s3", "s3a": "s3"}


def shown_address(url: str) -> str:
    """Returns the address without user, password and query."""
    shown = masked(url)
    return shown.partition("?")[0] if _scheme(url) in _EXTRAS else shown


def open_place(url: str) -> LandingPlace:
    """Returns the place of that address.

    Raises LandingError where it can't be opened, or a library for it is missing.
    """
    remember(url)
    scheme = _scheme(url)
    try:
        if scheme in {"http", "https"}:
            from assets.exports.landing_http import open_http  # noqa: PLC0415

            return open_http(url, shown_address(url))
        if scheme in {"sftp", "ssh"}:
            from assets.exports.landing_sftp import open_sftp  # noqa: PLC0415

            return open_sftp(url, shown_address(url))
        if scheme in _EXTRAS:
            # A system that is kept would keep connections that have long been closed.
            system, root = fsspec.core.url_to_fs(url, skip_instance_cache=True)
            return FilePlace(system, root, shown_address(url), is_remote=True)
        # A file address may come with its blanks and accents encoded, as browsers and Python write it.
        system, root = fsspec.core.url_to_fs(unquote(url) if url.startswith("file:") else url)
    except ImportError as error:
        raise LandingError(_missing(url, scheme, error)) from error
    except (ValueError, OSError) as error:
        raise LandingError(
            message(
                "Không mở được nơi nhận tệp {place} ({reason}); hãy dùng một thư mục hoặc địa chỉ mà fsspec hiểu, và cài"
                " thư viện mà fsspec cần cho địa chỉ đó.",
                place=shown_address(url),
                reason=masked(str(error)).rstrip("."),
            )
        ) from error
    local = "file" in ((system.protocol,) if isinstance(system.protocol, str) else system.protocol)
    return FilePlace(
        system, root, shown_address(url), is_remote=not local, guard=guard_of_folder(root) if local else None
    )


def _missing(url: str, scheme: str, error: ImportError) -> str:
    shown = shown_address(url)
    if scheme not in _EXTRAS:
        return message(
            "Không mở được nơi nhận tệp {place} ({reason}); hãy cài thư viện đó rồi chạy lại.",
            place=shown,
            reason=str(error).rstrip("."),
        )
    return message(
        "Nơi nhận tệp {place} cần thư viện chưa cài ({library}); hãy cài motcua cùng phần “{extra}” (docs/how-to/install.md).",
        place=shown,
        library=error.name or str(error).rstrip("."),
        extra=_EXTRAS[scheme],
    )


def _scheme(url: str) -> str:
    match = _SCHEME.match(url)
    return match[1].lower() if match else ""
