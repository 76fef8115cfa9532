"""YAML files that an office gives: read, and refused with one sentence that names file, entry and value.

Here: what such files have in common. Not here: what stands in them (`calendar.py`, `office_units.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class OfficeFiles:
    """An office's own on top of the built-in lists: MOTCUA_UNITS, MOTCUA_CALENDAR and MOTCUA_OFFICE_HOURS.

    `hours` is one session or two, as "07:00-11:30, 13:30-17:00".
    """

    units: Path | None = None
    calendar: Path | None = None
    hours: str | None = None


NO_OFFICE_FILES = OfficeFiles()


class OfficeFileError(ValueError):
    """The file can't be used. The message is one Vietnamese sentence that names file, entry and value."""


class _PlainLoader(yaml.SafeLoader):
    """YAML whose dates and numbers stay as they are written: 2026-02-30 is a text that can be shown."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] in ("tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Place:
    """Where in the file we are, so that every complaint says it."""

    file: Path
    entry: str

    def wrong(self, name: str, need: str) -> OfficeFileError:
        """The complaint about the value of a key."""
        return OfficeFileError(f"{self.file}, {self.entry}, khóa “{name}”: {need}.")

    def texts(self, entry: object, names: tuple[str, ...]) -> dict[str, str]:
        """The values of an entry that must have exactly these keys, none of them empty."""
        if not isinstance(entry, dict):
            raise OfficeFileError(f"{self.file}, {self.entry}: cần các khóa {', '.join(names)}.")
        for unknown in sorted(str(name) for name in entry if name not in names):
            raise self.wrong(unknown, "khóa không có trong danh mục, hãy xóa hoặc sửa tên")
        for name in names:
            value = entry.get(name)
            if value is None or isinstance(value, dict | list) or not str(value).strip():
                raise self.wrong(
                    name, "còn thiếu" if value is None else f"cần một giá trị, đang là “{value}”"
                )
        return {name: str(entry[name]).strip() for name in names}

    def day(self, name: str, written: str) -> date:
        """A day that there is, of the form 2026-01-02."""
        try:
            if _DAY.fullmatch(written):
                return date.fromisoformat(written)
        except ValueError:
            raise self.wrong(name, f"không có ngày “{written}”") from None
        raise self.wrong(name, f"cần ngày dạng 2026-01-02, đang là “{written}”")


def read_yaml(path: Path, what: str) -> Any:
    """The content of the file, with dates and numbers as written. OfficeFileError when it can't be read."""
    try:
        return yaml.load(path.read_text(encoding="utf-8-sig"), _PlainLoader)
    except OSError as error:
        raise OfficeFileError(f"Không đọc được tệp {what} {path}: {error.strerror}.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" ở dòng {mark.line + 1}" if mark else ""
        raise OfficeFileError(f"Tệp {what} {path} không phải YAML hợp lệ (UTF-8){where}.") from error


def list_entries(path: Path, what: str, content: object, section: str = "") -> Iterator[tuple[Place, Any]]:
    """The entries of a list, numbered from 1 within their section; nothing at all is an empty list."""
    if content is None:
        return
    if not isinstance(content, list):
        raise OfficeFileError(
            f"Tệp {what} {path}{section and f', khóa “{section}”'} phải là một danh sách các mục."
        )
    for number, entry in enumerate(content, start=1):
        yield Place(path, f"{section and section + ' '}mục {number}"), entry
