"""`motcua explain`: how the due date of one dossier comes about, day by day."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from pipelines.cli.console import open_warehouse, out
from pipelines.settings import Settings
from warehouse_sql.messages import language


class _Lang(StrEnum):
    VI = "vi"
    EN = "en"


_WORDS = {
    "vi": {
        "promised": "Cổng hẹn trả lúc tiếp nhận: {at}",
        "moved": "Cổng đổi ngày hẹn trả từ {before} sang {at} (thấy từ {since})",
        "ours": "Theo quy tắc, không kể gia hạn: {at}",
        "none": "không có",
        "differs": "Khác nhau {days} ngày làm việc từ {since}. {reason}",
        "differs_plain": "Khác nhau từ {since}. {reason}",
        "same": "Hai bên trùng nhau.",
    },
    "en": {
        "promised": "Promised by the portal at reception: {at}",
        "moved": "Moved by the portal from {before} to {at} (seen since {since})",
        "ours": "By the rules, extensions apart: {at}",
        "none": "none",
        "differs": "They differ by {days} working days since {since} ({code}).",
        "differs_plain": "They differ since {since} ({code}).",
        "same": "They agree.",
    },
}


def explain(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Mã hồ sơ.")],
    lang: Annotated[
        _Lang | None,
        typer.Option("--lang", help="Ngôn ngữ của lời giải thích; mặc định: ngôn ngữ của lệnh."),
    ] = None,
) -> None:
    """Giải thích hạn giải quyết của một hồ sơ theo từng ngày."""
    from assets.facts.due import explain_dossier

    engine = open_warehouse(Settings())
    in_words = lang.value if lang else language()
    with engine.connect() as connection:
        explanation = explain_dossier(connection, code.strip(), in_words)
    words, audit = _WORDS[in_words], explanation.audit

    def print_line(name: str, **instants: Any) -> None:
        written = {key: f"{at:%H:%M:%S %d/%m/%Y}" if at else words["none"] for key, at in instants.items()}
        out.print(words[name].format(**written), markup=False, highlight=False, soft_wrap=True)

    out.print(explanation.explanation.summary, markup=False, highlight=False)
    for line in explanation.explanation.lines:
        number = f"{line.counted:>3}" if line.counted is not None else "   "
        out.print(f"{line.on:%d/%m/%Y} {number}  {line.text}", markup=False, highlight=False, soft_wrap=True)
    print_line("promised", at=audit["promised_due_at"])
    for move in explanation.moves:
        print_line("moved", before=move.before, at=move.after, since=move.at)
    print_line("ours", at=audit["computed_current_due_at"])
    out.print(_difference(words, audit), markup=False, highlight=False)


def _difference(words: dict[str, str], audit: dict[str, Any]) -> str:
    from assets.given.vietnamese import instant, number

    if not audit["differs"]:
        return words["same"]
    days = audit["difference_working_days"]
    return words["differs" if days is not None else "differs_plain"].format(
        days=number(abs(days)) if days is not None else "",
        since=instant(audit["differs_since"]),
        reason=audit["reason_vi"],
        code=audit["reason_code"],
    )
