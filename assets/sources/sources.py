"""The sources: which portal writes a folder of the landing zone, and how its words are to be taken.

Here: reading and checking `sources.yaml` (or the file an office gives in its place).
Not here: how a file of a source is read (`readers/`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import yaml

from assets.given.office_file import EntryPlace, OfficeFileError
from assets.given.texts import key, normalise
from assets.sources.feed import read_feed
from assets.sources.shape import Shape
from assets.sources.shapes import SHAPES
from assets.sources.source import NOT_READ, ExportTimeWay, ProvinceSpan, Source, StatusMeaning, code_key
from warehouse_sql.messages import message
from warehouse_sql.yaml_files import read_yaml

PORTALS = ("national", "provincial")
WAYS = ("file_name", "field", "cell", "path")
COVERAGES = ("changes", "full", "period")
BUILT_IN = Path(__file__).with_name("sources.yaml")
_KEYS = {"title", "portal", "province", "shape", "priority", "status_map", "channel_map", "export_time"}
_OPTIONAL = {"title_en", "coverage", "feed", "headings"}
_IGNORE = "ignore"


class SourceConfigError(OfficeFileError):
    """The list of sources can't be used. The message is one sentence naming file, source and key."""


class SourceList(Protocol):
    """What gives the sources by name, each with its corrections."""

    def source_list(self) -> dict[str, Source]:
        """Returns the sources. SourceConfigError or OfficeFileError names what is wrong in the lists."""
        ...


def load_sources(path: Path | None = None) -> dict[str, Source]:
    """Returns the sources by name: the built-in list, or the file at `path` in its place."""
    file = path or BUILT_IN
    try:
        entries = read_yaml(file)
    except OSError as error:
        raise SourceConfigError(
            message("Không đọc được danh sách nguồn {file}: {reason}.", file=file, reason=error.strerror)
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        place = getattr(error, "problem_mark", None)
        where = message(" ở dòng {line}", line=place.line + 1) if place else ""
        raise SourceConfigError(
            message("Danh sách nguồn {file} không phải YAML hợp lệ (UTF-8){where}.", file=file, where=where)
        ) from error
    if not isinstance(entries, dict) or not entries:
        raise SourceConfigError(
            message("Danh sách nguồn {file} phải là các mục “tên nguồn: …”, ít nhất một nguồn.", file=file)
        )
    return {str(name): _source(file, str(name), entry) for name, entry in entries.items()}


def _source(file: Path, name: str, entry: object) -> Source:
    place = EntryPlace(file, message("nguồn “{source}”", source=name), SourceConfigError)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise place.wrong(name, message("tên nguồn là tên thư mục, chỉ gồm chữ không dấu, số, “-” và “_”"))
    if not isinstance(entry, dict):
        raise place.wrong(name, message("cần các khóa {names}", names=", ".join(sorted(_KEYS))))
    for unknown in sorted(str(item) for item in entry if item not in _KEYS | _OPTIONAL):
        raise place.wrong(unknown, message("khóa không có trong danh mục, hãy xóa hoặc sửa tên"))
    for missing in sorted(_KEYS - entry.keys()):
        raise place.wrong(missing, message("còn thiếu"))
    title, title_en = (_name(place, entry, key) for key in ("title", "title_en"))
    if not isinstance(entry["priority"], int) or isinstance(entry["priority"], bool):
        raise place.wrong("priority", message("cần một số nguyên"))
    shape = SHAPES[_choice(place, "shape", entry["shape"], tuple(SHAPES))]
    coverage = _choice(place, "coverage", entry.get("coverage", "changes"), COVERAGES)
    if coverage == "period" and not shape.may_be_period:
        lists = ", ".join(name for name, other in SHAPES.items() if other.may_be_period)
        raise place.wrong(
            "coverage",
            message(
                "“period” chỉ dùng cho danh sách (shape {lists}), hãy dùng full hoặc changes", lists=lists
            ),
        )
    return Source(
        name=name,
        title=title,
        title_en=title_en,
        portal=_choice(place, "portal", entry["portal"], PORTALS),
        provinces=_provinces(place, entry["province"]),
        shape=shape.name,
        priority=entry["priority"],
        status_map=_code_map(place, "status_map", entry["status_map"], _status_meaning),
        channel_map=_code_map(place, "channel_map", entry["channel_map"], _channel),
        export_time=_ways(place, entry["export_time"]),
        coverage=coverage,
        feed=read_feed(entry.get("feed"), place.wrong),
        headings=_headings(place, entry.get("headings", {}), shape),
    )


def _name(place: EntryPlace, entry: Mapping[str, object], key: str) -> str:
    """Returns the name of a source; that of another language is the Vietnamese one where none is given."""
    name = entry.get(key, entry["title"])
    if not isinstance(name, str) or not name.strip():
        raise place.wrong(key, message("cần một tên bằng chữ"))
    return normalise(name)


def _headings(place: EntryPlace, value: object, shape: Shape) -> Mapping[str, tuple[str, ...]]:
    """Returns the headings that a source adds to those of its shape."""
    if value and shape.vocabulary is None:
        lists = ", ".join(name for name, other in SHAPES.items() if other.vocabulary is not None)
        raise place.wrong("headings", message("chỉ dùng cho danh sách (shape {lists})", lists=lists))
    columns = (*shape.vocabulary.headings, NOT_READ) if shape.vocabulary else ()
    if not isinstance(value, dict):
        raise place.wrong("headings", message("cần các cặp “cột: [tiêu đề, …]”"))
    headings: dict[str, tuple[str, ...]] = {}
    seen: dict[str, str] = {}
    for column, words in value.items():
        name = _choice(place, "headings", column, columns)
        if not isinstance(words, list) or not all(isinstance(word, str) and word.strip() for word in words):
            raise place.wrong(
                "headings", message("{name} cần danh sách tiêu đề bằng chữ, như [Ngày vào sổ]", name=name)
            )
        for word in words:
            if seen.setdefault(key(word), name) != name:
                raise place.wrong(
                    "headings",
                    message(
                        "tiêu đề “{word}” được khai cho cả {seen} và {name}",
                        word=word,
                        seen=seen[key(word)],
                        name=name,
                    ),
                )
        headings[name] = tuple(normalise(word) for word in words)
    return headings


def _choice(place: EntryPlace, name: str, value: object, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise place.wrong(
            name,
            message("cần một trong {allowed}, đang là “{value}”", allowed=", ".join(allowed), value=value),
        )
    return str(value)


def _provinces(place: EntryPlace, value: object) -> tuple[ProvinceSpan, ...]:
    if not isinstance(value, list) or not value:
        raise place.wrong("province", message("cần danh sách {{code, from, until}}"))
    spans: list[ProvinceSpan] = []
    for item in value:
        if not isinstance(item, dict) or "code" not in item or not item.keys() <= {"code", "from", "until"}:
            raise place.wrong(
                "province", message("mỗi mục cần code, có thể kèm from và until, không có khóa khác")
            )
        if not re.fullmatch(r"\d{2}", str(item["code"])):
            raise place.wrong(
                "province",
                message("mã tỉnh “{code}” cần đúng hai chữ số, đặt trong ngoặc kép", code=item["code"]),
            )
        spans.append(ProvinceSpan(str(item["code"]), _day(place, item, "from"), _day(place, item, "until")))
    # An open start comes first; two of them do not join up, and so are refused below.
    spans.sort(key=lambda span: span.start or date.min)
    joined = all(earlier.end is not None and earlier.end == two.start for earlier, two in pairwise(spans))
    if spans[0].start or spans[-1].end or not joined:
        raise place.wrong("province", message("các khoảng from/until phải nối liền nhau và phủ mọi ngày"))
    return tuple(spans)


def _day(place: EntryPlace, item: Mapping[str, Any], name: str) -> date | None:
    value = item.get(name)
    if value is None:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise place.wrong(
            "province", message("{name} cần ngày dạng YYYY-MM-DD, đang là “{value}”", name=name, value=value)
        ) from None


def _code_map(place: EntryPlace, name: str, value: object, meaning: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise place.wrong(name, message("cần các cặp “mã hoặc chữ: ý nghĩa”"))
    values: dict[str, Any] = {}
    for raw, target in value.items():
        text, read = code_key(str(raw)), meaning(place, name, raw, target)
        if values.setdefault(text, read) != read:
            raise place.wrong(name, message("“{raw}” được khai hai lần với ý nghĩa khác nhau", raw=raw))
    return values


def _status_meaning(place: EntryPlace, name: str, raw: object, target: object) -> StatusMeaning:
    if isinstance(target, dict) and set(target) == {"accepted", "not_accepted"}:
        accepted, not_accepted = target["accepted"], target["not_accepted"]
        if all(_within(item, 1, 10) for item in (accepted, not_accepted)):
            return StatusMeaning(accepted, not_accepted)
    elif target == _IGNORE:
        return StatusMeaning(None, None)
    elif isinstance(target, int) and _within(target, 1, 10):
        return StatusMeaning(target, target)
    need = message("cần số 1 đến 10, “ignore” hoặc {{accepted: n, not_accepted: n}}")
    raise place.wrong(
        name, message("trạng thái “{raw}” {need}, đang là “{target}”", raw=raw, need=need, target=target)
    )


def _channel(place: EntryPlace, name: str, raw: object, target: object) -> int:
    if isinstance(target, int) and _within(target, 1, 3):
        return target
    raise place.wrong(
        name, message("kênh “{raw}” cần số 1 đến 3, đang là “{target}”", raw=raw, target=target)
    )


def _within(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _ways(place: EntryPlace, value: object) -> tuple[ExportTimeWay, ...]:
    if not isinstance(value, list):
        raise place.wrong(
            "export_time", message("cần danh sách các cách, mỗi cách một trong {ways}", ways=", ".join(WAYS))
        )
    return tuple(_way(place, item) for item in value)


def _way(place: EntryPlace, item: object) -> ExportTimeWay:
    if not isinstance(item, dict) or len(item) != 1 or not item.keys() <= set(WAYS):
        raise place.wrong(
            "export_time", message("mỗi cách có đúng một khóa trong {ways}", ways=", ".join(WAYS))
        )
    kind, value = next(iter(item.items()))
    if not isinstance(value, str) or not value.strip():
        raise place.wrong("export_time", message("{kind} cần một chuỗi chữ", kind=kind))
    if kind in ("field", "cell"):
        return ExportTimeWay(kind, normalise(value))
    text = normalise(value)
    try:
        groups = re.compile(text).groupindex.keys()
    except re.error as error:
        raise place.wrong(
            "export_time", message("biểu thức {kind} sai ở vị trí {pos}", kind=kind, pos=error.pos)
        ) from error
    if not {"y", "m", "d"} <= groups <= set("ymdHMS"):
        raise place.wrong(
            "export_time", message("biểu thức {kind} cần các nhóm y, m, d, có thể thêm H, M, S", kind=kind)
        )
    return ExportTimeWay(kind, text)
