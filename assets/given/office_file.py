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

from warehouse_sql.messages import message
from warehouse_sql.messages.system import system_reason

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
class EntryPlace:
    """The entry of an office's file that is being read, so that every complaint names it."""

    file: Path
    entry: str
    error: type[OfficeFileError] = OfficeFileError

    def wrong(self, name: str, need: str) -> OfficeFileError:
        """Returns the complaint about the value of a key."""
        return self.error(
            message(
                "{file}, {entry}, khóa “{name}”: {need}.",
                file=self.file,
                entry=self.entry,
                name=name,
                need=need,
            )
        )

    def texts(self, entry: object, names: tuple[str, ...]) -> dict[str, str]:
        """Returns the values of an entry that must have exactly these keys, none of them empty."""
        if not isinstance(entry, dict):
            raise self.error(
                message(
                    "{file}, {entry}: cần các khóa {names}.",
                    file=self.file,
                    entry=self.entry,
                    names=", ".join(names),
                )
            )
        for unknown in sorted(str(name) for name in entry if name not in names):
            raise self.wrong(unknown, message("khóa không có trong danh mục, hãy xóa hoặc sửa tên"))
        for name in names:
            value = entry.get(name)
            if value is None or isinstance(value, dict | list) or not str(value).strip():
                raise self.wrong(
                    name,
                    message("còn thiếu")
                    if value is None
                    else message("cần một giá trị, đang là “{value}”", value=value),
                )
        return {name: str(entry[name]).strip() for name in names}

    def day(self, name: str, written: str) -> date:
        """Returns a day that there is, of the form 2026-01-02."""
        try:
            if _DAY.fullmatch(written):
                return date.fromisoformat(written)
        except ValueError:
            raise self.wrong(name, message("không có ngày “{written}”", written=written)) from None
        raise self.wrong(name, message("cần ngày dạng 2026-01-02, đang là “{written}”", written=written))


def read_yaml(path: Path, what: str) -> Any:
    """Returns the content of the file, with dates and numbers as written.

    Raises OfficeFileError when it can't be read.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8-sig"), _PlainLoader)
    except OSError as error:
        raise OfficeFileError(
            message(
                "Không đọc được tệp {what} {path}: {reason}.",
                what=what,
                path=path,
                reason=system_reason(error),
            )
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = message(" ở dòng {line}", line=mark.line + 1) if mark else ""
        raise OfficeFileError(
            message(
                "Tệp {what} {path} không phải YAML hợp lệ (UTF-8){where}.", what=what, path=path, where=where
            )
        ) from error


def list_entries(
    path: Path, what: str, content: object, section: str = ""
) -> Iterator[tuple[EntryPlace, Any]]:
    """Yields the entries of a list, numbered from 1 within their section; nothing at all is an empty list."""
    if content is None:
        return
    if not isinstance(content, list):
        raise OfficeFileError(
            message(
                "Tệp {what} {path}{section} phải là một danh sách các mục.",
                what=what,
                path=path,
                section=section and message(", khóa “{key}”", key=section),
            )
        )
    for number, entry in enumerate(content, start=1):
        if section:
            yield EntryPlace(path, message("{section} mục {number}", section=section, number=number)), entry
        else:
            yield EntryPlace(path, message("mục {number}", number=number)), entry
