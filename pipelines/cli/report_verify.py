"""`motcua report verify` and `motcua report claims-template`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.console import content_of, fail, open_warehouse, say
from pipelines.settings import Settings
from warehouse_sql.messages import Message, joined, message

if TYPE_CHECKING:
    from assets.reports.issue.issues import IssueRow
    from assets.reports.issue.verify import Verdict

#: So many altered parts are named.
_MOST_NAMED = 20


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
    from assets.reports.issue.verify import COMPLETED, OURS, make_again
    from assets.reports.issue.verify import verify as looked_at

    content_of(file)  # says clearly what can't be opened
    engine = open_warehouse(Settings())
    verdict = looked_at(engine, file)
    say(_verdict(file.name, verdict))
    for line in _made_from(verdict.issue) if verdict.issue else ():
        say(line)
    for section, words in verdict.changed[:_MOST_NAMED]:
        say(message("Đã sửa hoặc mất, ở “{section}”: “{words}”.", section=section, words=words))
    is_well = verdict.state in (OURS, COMPLETED)
    if again and verdict.issue:
        shown = None
        if claims:
            from assets.reports.claims.claims_file import read_claims

            shown = read_claims(content_of(claims), claims.name)
        made = make_again(engine, verdict.issue, shown)
        is_well = is_well and made.is_same
        say(_again(made.is_same, made.differs))
    raise typer.Exit(0 if is_well else 1)


def _verdict(name: str, verdict: Verdict) -> str:
    short = (verdict.report_id or "")[:16]
    if verdict.state == "ours":
        return message(
            "{name}: đúng là báo cáo {short} do kho này phát hành, còn nguyên vẹn.", name=name, short=short
        )
    if verdict.state == "completed":
        return message(
            "{name}: báo cáo {short} do kho này phát hành, đã được điền thêm; cả {count:number} phần do máy tính lập còn "
            "nguyên như khi phát hành.",
            name=name,
            short=short,
            count=verdict.unchanged,
        )
    if verdict.changed:
        return message(
            "{name}: báo cáo {short} do kho này phát hành; {unchanged:number} phần do máy tính lập còn nguyên, "
            "{changed:number} phần đã bị sửa hoặc mất; hãy đối chiếu các phần nêu dưới đây với bản PDF có mã kiểm chứng.",
            name=name,
            short=short,
            unchanged=verdict.unchanged,
            changed=len(verdict.changed),
        )
    if verdict.state == "altered":
        return message(
            "{name}: mang mã báo cáo {short} do kho này phát hành, nhưng nội dung đã bị sửa (SHA-256 "
            "{sha256}… khác mọi bản đã phát hành); đừng dùng, hãy xin lại bản gốc.",
            name=name,
            short=short,
            sha256=verdict.sha256[:16],
        )
    if verdict.state == "unknown":
        return message(
            "{name}: mang mã báo cáo {short} nhưng kho này không phát hành báo cáo đó; hãy kiểm tra ở kho đã "
            "lập ra nó.",
            name=name,
            short=short,
        )
    return message(
        "{name}: không phải báo cáo do kho này phát hành (SHA-256 {sha256}…).",
        name=name,
        sha256=verdict.sha256[:16],
    )


def _made_from(issue: IssueRow) -> Iterator[str]:
    asked = issue["parameters"]
    units = ", ".join(asked["units"]) if asked["units"] else message("tất cả đơn vị")
    known_at = issue["known_at"]
    yield message(
        "Kỳ: từ {date_from:day} đến {date_to:day}. Đơn vị: {units}. Bộ quy tắc: {rule_set}.",
        date_from=issue["date_from"],
        date_to=issue["date_to"],
        units=units,
        rule_set=issue["rule_set"],
    )
    yield message(
        "Chốt số liệu: {through}. Tệp đầu vào: {files:number} nội dung (SHA-256 {digest}…).",
        through=_exactly(known_at)
        if known_at
        else message("mọi tệp đã nhận đến {at:instant}", at=issue["known_through"]),
        files=issue["input_files"],
        digest=issue["input_digest"][:16],
    )
    times = message(
        ", {issued_count:number} lần, lần cuối {last_issued_at:instant}",
        issued_count=issue["issued_count"],
        last_issued_at=issue["last_issued_at"],
    )
    yield (
        message(
            "Phát hành: {first_issued_at:instant}{times}. Chương trình: {code_version}.",
            first_issued_at=issue["first_issued_at"],
            times=times if issue["issued_count"] > 1 else "",
            code_version=issue["code_version"],
        )
    )
    yield message(
        "Quy tắc {rules_version}…, lịch {calendar_version}…, đơn vị {units_version}…",
        rules_version=issue["rules_version"][:16],
        calendar_version=issue["calendar_version"][:16],
        units_version=issue["units_version"][:16],
    )


def _exactly(at: datetime) -> Message:
    """To the second; the last moment of a day is its end."""
    if at.time() == time.max:
        return message("hết ngày {on:day}", on=at)
    return message("{time} ngày {on:day}", time=f"{at:%H:%M:%S}", on=at)


def _again(is_same: bool, differs: tuple[str, ...]) -> str:
    if is_same:
        return message("Lập lại: bản PDF giống đến từng byte.")
    if differs:
        return message(
            "Lập lại: không được như cũ, vì nay đã khác: {differs}.", differs=joined(", ", differs)
        )
    return message("Lập lại: bản PDF khác bản đã phát hành dù cùng mã; hãy chạy “motcua warehouse check”.")


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
    say(message("Đã ghi {file}.", file=file))
