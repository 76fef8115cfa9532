"""`motcua report verify` and `motcua report claims-template`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assets.given.vietnamese import day, exact_instant, instant, number
from pipelines.cli.console import content_of, fail, open_warehouse, out
from pipelines.settings import Settings

if TYPE_CHECKING:
    from assets.reports.issue.verify import Row, Verdict


def verify(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Tệp PDF, HTML, XLSX hoặc DOCX của một báo cáo.")
    ],
    again: Annotated[
        bool, typer.Option("--again", help="Lập lại bản PDF từ các tệp đã nhận khi ấy rồi so từng byte.")
    ] = False,
    claims: Annotated[
        Path | None,
        typer.Option(
            "--claims",
            metavar="CLAIMS",
            dir_okay=False,
            help="Tệp số liệu đã nêu khi phát hành, cho --again.",
        ),
    ] = None,
) -> None:
    """Cho biết một tệp có phải báo cáo do kho này phát hành không, còn nguyên vẹn không, lập từ đâu; mã thoát 0 hoặc 1."""
    from assets.reports.issue.verify import OURS, make_again
    from assets.reports.issue.verify import verify as looked_at

    content_of(file)  # says clearly what can't be opened
    engine = open_warehouse(Settings())
    found = looked_at(engine, file)
    out.print(_verdict(file.name, found), markup=False)
    for line in _made_from(found.issue) if found.issue else ():
        out.print(line, markup=False)
    is_well = found.state == OURS
    if again and found.issue:
        said = None
        if claims:
            from assets.reports.claims.claims_file import read_claims

            said = read_claims(content_of(claims), claims.name)
        made = make_again(engine, found.issue, said)
        is_well = is_well and made.is_same
        out.print(_again(made.is_same, made.differs), markup=False)
    raise typer.Exit(0 if is_well else 1)


def _verdict(name: str, found: Verdict) -> str:
    short = (found.report_id or "")[:16]
    if found.state == "ours":
        return f"{name}: đúng là báo cáo {short} do kho này phát hành, còn nguyên vẹn."
    if found.state == "altered":
        return (
            f"{name}: mang mã báo cáo {short} do kho này phát hành, nhưng nội dung đã bị sửa"
            f" (SHA-256 {found.sha256[:16]}… khác mọi bản đã phát hành); đừng dùng, hãy xin lại bản gốc."
        )
    if found.state == "unknown":
        return f"{name}: mang mã báo cáo {short} nhưng kho này không phát hành báo cáo đó; hãy kiểm tra ở kho đã lập ra nó."
    return f"{name}: không phải báo cáo do kho này phát hành (SHA-256 {found.sha256[:16]}…)."


def _made_from(issue: Row) -> Iterator[str]:
    asked = issue["parameters"]
    units = ", ".join(asked["units"]) if asked["units"] else "tất cả đơn vị"
    known_at = issue["known_at"]
    yield f"Kỳ: từ {day(issue['date_from'])} đến {day(issue['date_to'])}. Đơn vị: {units}. Bộ quy tắc: {issue['rule_set']}."
    yield (
        f"Chốt số liệu: {exact_instant(known_at) if known_at else 'mọi tệp đã nhận đến ' + instant(issue['known_through'])}."
        f" Tệp đầu vào: {number(issue['input_files'])} nội dung (SHA-256 {issue['input_digest'][:16]}…)."
    )
    times = f", {number(issue['issued_count'])} lần, lần cuối {instant(issue['last_issued_at'])}"
    yield (
        f"Phát hành: {instant(issue['first_issued_at'])}{times if issue['issued_count'] > 1 else ''}."
        f" Chương trình: {issue['code_version']}."
    )
    yield f"Quy tắc {issue['rules_version'][:16]}…, lịch {issue['calendar_version'][:16]}…, đơn vị {issue['units_version'][:16]}…"


def _again(is_same: bool, differs: tuple[str, ...]) -> str:
    if is_same:
        return "Lập lại: bản PDF giống đến từng byte."
    if differs:
        return f"Lập lại: không được như cũ, vì nay đã khác: {', '.join(differs)}."
    return "Lập lại: bản PDF khác bản đã phát hành dù cùng mã; hãy chạy “motcua warehouse check”."


def claims_template(
    file: Annotated[Path, typer.Argument(metavar="OUT", help="Tệp XLSX nhận mẫu.")],
) -> None:
    """Ghi mẫu XLSX để điền các số liệu đơn vị đã nêu trong báo cáo của họ, dùng với --claims."""
    from assets.reports.claims.claims_template import write_claims_template

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_claims_template(file)
    except OSError as error:
        fail(error)
    out.print(f"Đã ghi {file}.", markup=False)
