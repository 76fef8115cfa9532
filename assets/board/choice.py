"""What is chosen on a page: period, rule set, units, moment of knowledge, order and place. All of it stands in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from warehouse_sql.messages import LANGUAGES, message
from warehouse_sql.vietnam_time import VIETNAM

UNIT_VIEWS = ("as_received", "current")
#: Names of the address besides those of `Choice`: what lists and forms add.
_EXTRA = (
    "figure",
    "list",
    "sort",
    "after",
    "words",
    "kind",
    "days",
    "source",
    "channel",
    "status",
    "department",
)
_LONGEST = 200


class ChoiceError(ValueError):
    """The address asks for what can't be. The message is one Vietnamese sentence."""


@dataclass(frozen=True)
class Choice:
    """What an address asks for; None: not chosen.

    `unit` is the code of a unit and, after @, the first day of its list: codes were used twice. `known_on`: figures as they
    were known at the end of that day, Vietnam's time. `more`: what single pages add.
    """

    date_from: date | None = None
    date_to: date | None = None
    rule_set: str = "ii06"
    unit: str | None = None
    sector: str | None = None
    procedure: str | None = None
    unit_view: str = "as_received"
    known_on: date | None = None
    lang: str = "vi"
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def unit_code(self) -> str | None:
        """The code of the chosen unit."""
        return self.unit.partition("@")[0] if self.unit else None

    @property
    def unit_valid_from(self) -> date | None:
        """First day of the list of the chosen unit; None: of every list that has the code."""
        valid_from = self.unit.partition("@")[2] if self.unit else ""
        return date.fromisoformat(valid_from) if valid_from else None

    @property
    def known_at(self) -> datetime | None:
        """The moment of knowledge; None: as known now."""
        if self.known_on is None:
            return None
        return datetime.combine(self.known_on + timedelta(days=1), time(), VIETNAM) - timedelta(
            microseconds=1
        )

    def having(self, **changes: Any) -> Choice:
        """Returns the choice with changes; names that it does not have go to `more`, None takes one away.

        The place in a list does not go along: it belongs to the order that was chosen with it.
        """
        own = {name: value for name, value in changes.items() if name in _PLAIN}
        more = {name: value for name, value in self.more.items() if name != "after"}
        more |= {name: str(value) for name, value in changes.items() if name not in own and value is not None}
        for name, value in changes.items():
            if name not in own and value is None:
                more.pop(name, None)
        return replace(self, **own, more=more)

    def query(self) -> str:
        """Returns the choice as the query of an address, empty when nothing is chosen; the same for the same choice."""
        parts = [
            _part(name, value)
            for name, otherwise in _OTHERWISE.items()
            if (value := getattr(self, name)) != otherwise
        ]
        parts += [_part(name, value) for name, value in sorted(self.more.items())]
        return "&".join(parts)

    def address(self, path: str) -> str:
        """Returns the address of a page with this choice."""
        query = self.query()
        return f"{path}?{query}" if query else path


_PLAIN = ("date_from", "date_to", "rule_set", "unit", "sector", "procedure", "unit_view", "known_on", "lang")
_OTHERWISE = {name: getattr(Choice(), name) for name in _PLAIN}


@lru_cache(maxsize=4096)
def _part(name: str, value: object) -> str:
    """Returns one part of a query; a page has hundreds of addresses of the same few."""
    return urlencode([(name, value.isoformat() if isinstance(value, date) else str(value))])


def read_choice(query: Mapping[str, str]) -> Choice:
    """Returns the choice of an address. Raises ChoiceError for a value that can't be; names that no page knows are left out."""
    given = {name: value.strip() for name, value in query.items() if value.strip()}
    if too_long := next((name for name, value in given.items() if len(value) > _LONGEST), None):
        raise ChoiceError(message("Giá trị của “{name}” trên địa chỉ quá dài.", name=too_long))
    choice = Choice(
        date_from=_day(given, "date_from"),
        date_to=_day(given, "date_to"),
        rule_set=given.get("rule_set", "ii06"),
        unit=_unit(given),
        sector=given.get("sector"),
        procedure=given.get("procedure"),
        unit_view=_among(given, "unit_view", UNIT_VIEWS),
        known_on=_day(given, "known_on"),
        lang=_among(given, "lang", LANGUAGES),
        more={name: given[name] for name in _EXTRA if name in given},
    )
    if choice.date_from and choice.date_to and choice.date_from > choice.date_to:
        raise ChoiceError(
            message(
                "Kỳ từ {first:day} đến {last:day} không hợp lệ: ngày đầu phải trước hoặc bằng ngày cuối.",
                first=choice.date_from,
                last=choice.date_to,
            )
        )
    return choice


def _day(given: Mapping[str, str], name: str) -> date | None:
    if name not in given:
        return None
    try:
        return date.fromisoformat(given[name])
    except ValueError:
        raise ChoiceError(
            message(
                "“{value}” không phải là ngày; hãy viết năm-tháng-ngày, ví dụ 2023-08-30.", value=given[name]
            )
        ) from None


def _unit(given: Mapping[str, str]) -> str | None:
    unit = given.get("unit")
    if unit and "@" in unit:
        try:
            date.fromisoformat(unit.partition("@")[2])
        except ValueError:
            raise ChoiceError(
                message("Không có đơn vị “{unit}”; hãy chọn lại trong danh sách.", unit=unit)
            ) from None
    return unit


def _among(given: Mapping[str, str], name: str, allowed: tuple[str, ...]) -> str:
    value = given.get(name, allowed[0])
    if value not in allowed:
        raise ChoiceError(
            message("“{value}” không có; hãy dùng {allowed}.", value=value, allowed=", ".join(allowed))
        )
    return value
