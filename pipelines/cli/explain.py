"""`motcua explain`: how the due date of one dossier comes about, day by day."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from pipelines.cli.console import out
from pipelines.settings import Settings
from warehouse_sql.migrate import migrate
from warehouse_sql.warehouse import open_engine


class _Lang(StrEnum):
    VI = "vi"
    EN = "en"


_WORDS = {
    "vi": {
        "promised": "Cổng hẹn trả lúc tiếp nhận: {at}",
        "current": "Cổng hẹn trả hiện nay: {at}",
        "ours": "Theo quy tắc: {at}",
        "ours_but": "Theo quy tắc, không kể gia hạn: {at}",
        "none": "không có",
        "differs": "Khác nhau {days} ngày làm việc từ {since}. {reason}",
        "differs_plain": "Khác nhau từ {since}. {reason}",
        "same": "Hai bên trùng nhau.",
    },
    "en": {
        "promised": "Promised by the portal at reception: {at}",
        "current": "Due by the portal now: {at}",
        "ours": "By the rules: {at}",
        "ours_but": "By the rules, the extension apart: {at}",
        "none": "none",
        "differs": "They differ by {days} working days since {since} ({code}).",
        "differs_plain": "They differ since {since} ({code}).",
        "same": "They agree.",
    },
}


def explain(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Mã hồ sơ.")],
    lang: Annotated[_Lang, typer.Option("--lang", help="Ngôn ngữ.")] = _Lang.VI,
) -> None:
    """Giải thích hạn giải quyết của một hồ sơ theo từng ngày."""
    from assets.facts.due import explain_dossier

    engine = open_engine(Settings().url())
    migrate(engine)
    found = explain_dossier(engine, code.strip(), lang.value)
    words, audit = _WORDS[lang.value], found.audit

    def told(name: str, at: Any) -> None:
        out.print(
            words[name].format(at=f"{at:%H:%M:%S %d/%m/%Y}" if at else words["none"]),
            markup=False,
            highlight=False,
        )

    out.print(found.explanation.summary, markup=False, highlight=False)
    for line in found.explanation.lines:
        number = f"{line.counted:>3}" if line.counted is not None else "   "
        out.print(f"{line.on:%d/%m/%Y} {number}  {line.text}", markup=False, highlight=False, soft_wrap=True)
    told("promised", audit["promised_due_at"])
    if audit["current_due_at"] != audit["promised_due_at"]:
        told("current", audit["current_due_at"])
    is_extended = audit["reason_code"] == "extension"
    told("ours_but" if is_extended else "ours", audit["computed_current_due_at"])
    out.print(_difference(words, audit), markup=False, highlight=False)


def _difference(words: dict[str, str], audit: dict[str, Any]) -> str:
    from assets.reports.vietnamese import instant, number

    if not audit["differs"]:
        return words["same"]
    days = audit["difference_working_days"]
    return words["differs" if days is not None else "differs_plain"].format(
        days=number(abs(days)) if days is not None else "",
        since=instant(audit["differs_since"]),
        reason=audit["reason_vi"],
        code=audit["reason_code"],
    )
