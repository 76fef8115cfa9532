"""`motcua report`: the inspection report in all its files; `motcua report verify` and `claims-template` with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli import report_verify
from pipelines.cli.console import content_of, open_warehouse, out, say, show_rows, warn
from pipelines.settings import Settings
from warehouse_sql.messages import language, message
from warehouse_sql.vietnam_time import VIETNAM

if TYPE_CHECKING:
    from assets.reports.reading.figures import Figures


# A command and a group at once: the report itself is asked for without a further word.
app = typer.Typer(invoke_without_command=True, no_args_is_help=False)
app.command("verify")(report_verify.verify)
app.command("claims-template")(report_verify.claims_template)


_Start = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="Ngày đầu của kỳ; bắt buộc.")
]
_End = Annotated[
    datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Ngày cuối của kỳ; bắt buộc.")
]
_Folder = Annotated[
    Path | None,
    typer.Option("--out", metavar="DIR", file_okay=False, help="Thư mục nhận báo cáo; bắt buộc."),
]
_Units = Annotated[
    list[str] | None,
    typer.Option(
        metavar="CODE",
        help="Mã đơn vị, nhắc lại được; mã cấp huyện hoặc tỉnh gồm cả các đơn vị trực thuộc. Mặc định: tất cả.",
    ),
]
_RuleSet = Annotated[str, typer.Option(metavar="NAME", help="Bộ quy tắc.")]
_UnitView = Annotated[
    str,
    typer.Option(
        metavar="as_received|current",
        help="Đơn vị lúc tiếp nhận, hoặc quy về đơn vị hành chính hiện nay (current).",
    ),
]
_KnownAt = Annotated[
    str | None,
    typer.Option(
        metavar="T",
        help="Số liệu như đã biết đến lúc đó: ngày (hết ngày, giờ Việt Nam) hoặc thời điểm ISO.",
    ),
]
_Claims = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        dir_okay=False,
        help="Số liệu đơn vị đã nêu (YAML, XLSX, CSV), đặt bên cạnh số tính lại; mẫu: motcua report claims-template.",
    ),
]
_Template = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Mẫu Word của cơ quan cho bao-cao.docx. Mặc định: MOTCUA_REPORT_TEMPLATE, hoặc mẫu có sẵn.",
    ),
]
_Lang = Annotated[
    str,
    typer.Option(
        metavar="vi|en", help="Ngôn ngữ của báo cáo, không theo ngôn ngữ của lệnh; biểu II.06 giữ tiếng Việt."
    ),
]


@app.callback()
def report(
    context: typer.Context,
    start: _Start = None,
    end: _End = None,
    folder: _Folder = None,
    unit: _Units = None,
    rule_set: _RuleSet = "ii06",
    unit_view: _UnitView = "as_received",
    known_at: _KnownAt = None,
    claims: _Claims = None,
    template: _Template = None,
    lang: _Lang = "vi",
) -> None:
    """Lập báo cáo kiểm tra: bao-cao.html, bieu-II-06.xlsx, bao-cao.docx và bản phát hành \
bao-cao.pdf; hoặc kiểm chứng một tệp (verify)."""
    if context.invoked_subcommand:
        return
    if start is None or end is None or folder is None:
        missing = [name for name, value in (("--from", start), ("--to", end), ("--out", folder)) if not value]
        raise typer.BadParameter(
            message("thiếu {missing}; xem motcua report --help.", missing=", ".join(missing))
        )
    if start > end:
        raise typer.BadParameter(message("ngày đầu (--from) phải trước hoặc bằng ngày cuối (--to)."))
    moment = _moment(known_at) if known_at is not None else None

    from assets.reports.claims.claims_file import read_claims
    from assets.reports.issue.write import write_report
    from assets.reports.reading.figures import LANGUAGES, UNIT_VIEWS, Request

    if unit_view not in UNIT_VIEWS:
        raise typer.BadParameter(
            message(
                "{option} cần một trong {choices}, đang là “{value}”.",
                option="--unit-view",
                choices=", ".join(UNIT_VIEWS),
                value=unit_view,
            )
        )
    if lang not in LANGUAGES:
        raise typer.BadParameter(
            message(
                "{option} cần một trong {choices}, đang là “{value}”.",
                option="--lang",
                choices=", ".join(LANGUAGES),
                value=lang,
            )
        )
    request = Request(start.date(), end.date(), tuple(unit or ()), rule_set, moment, unit_view, lang)
    claimed = read_claims(content_of(claims), claims.name) if claims else None
    settings = Settings()
    engine = open_warehouse(settings)
    own = template or settings.report_template
    _print_figures(write_report(engine, request, folder, claimed, template=own), folder)


def _print_figures(figures: Figures, folder: Path) -> None:
    from assets.reports.issue.write import FILES
    from assets.reports.words.wording import inspection_sentence, warnings

    # In the language of the command, whatever that of the report is.
    spoken = replace(figures, request=replace(figures.request, lang=language()))
    for line in warnings(spoken):
        say(message("Lưu ý: {line}", line=line))
    out.print(inspection_sentence(spoken), markup=False)
    _print_claims(figures)
    names = [str(folder / name) for name in FILES]
    say(message("Đã ghi {files} và {last}.", files=", ".join(names[:-1]), last=names[-1]))
    if figures.seal:
        say(message("Mã báo cáo {report}.", report=figures.seal.short_id))


def _print_claims(figures: Figures) -> None:
    """The claims as a short table; what can't be used of the file on standard error."""
    from assets.reports.words.claim_texts import claim_texts

    claims = claim_texts(figures)
    for problem in claims.problems:
        warn(message("Bỏ qua: {problem}", problem=problem))
    if not claims.rows:
        return
    heads = (
        message("Số liệu"),
        message("Đơn vị"),
        message("Đã nêu"),
        message("Tính lại"),
        message("Chênh lệch"),
        message("Định nghĩa nào cho số đã nêu"),
    )
    rows = [
        (
            row["claim"],
            row["unit_name"],
            row["claimed_text"],
            row["recomputed_text"],
            row["difference_text"],
            row["definition_vi"],
        )
        for row in claims.rows
    ]
    show_rows(heads, rows)
    for check in claims.checks:
        say(check)


def _moment(written: str) -> datetime:
    """Returns the instant; a date is its last moment in Vietnam, and an instant without a zone is Vietnam's time."""
    try:
        try:
            moment = datetime.combine(date.fromisoformat(written), time.max, VIETNAM)
        except ValueError:
            moment = datetime.fromisoformat(written)
            moment = moment.astimezone(VIETNAM) if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
    except (ValueError, OverflowError):
        raise typer.BadParameter(
            message(
                "--known-at “{written}” không phải là ngày hoặc thời điểm ISO, ví dụ 2023-09-01 hoặc "
                "2023-09-01T17:00.",
                written=written,
            )
        ) from None
    if moment > datetime.now(VIETNAM):
        # What is still to come may yet change: such a report could not be repeated.
        raise typer.BadParameter(
            message(
                "--known-at “{written}” chưa qua; hãy bỏ --known-at để lấy số liệu biết đến lúc này.",
                written=written,
            )
        )
    return moment
