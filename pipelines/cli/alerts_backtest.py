"""`motcua alerts backtest`: how often the detector is wrong and what it finds, compared with three common ones."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.console import open_warehouse, progress_bars, say
from warehouse_sql.messages import Message, joined, message, message_of

if TYPE_CHECKING:
    from assets.alerts.backtest import Detection, Outcome
    from assets.alerts.backtest_page import Backtest


def backtest(
    seeds: Annotated[int, typer.Option(min=1, max=90, help="Số lịch sử, mỗi lịch sử một hạt giống.")] = 6,
    units: Annotated[int, typer.Option(min=10, help="Số đơn vị mô phỏng ở mỗi mức hồ sơ quá hạn.")] = 150,
    loaded: Annotated[
        bool, typer.Option("--loaded", help="Dùng số liệu đã nạp trong kho, đặt thêm các đợt tăng đột biến.")
    ] = False,
    write: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            dir_okay=False,
            exists=True,
            help="Ghi bảng và hình của lịch sử mô phỏng vào trang này, ví dụ docs/alerts.md.",
        ),
    ] = None,
) -> None:
    """Thử bộ phát hiện trên lịch sử đã biết trước các đợt tăng đột biến, cạnh ba cách thông dụng."""
    if loaded and write is not None:
        raise typer.BadParameter(message("--write chỉ dùng với lịch sử mô phỏng; hãy bỏ --loaded."))
    from assets.alerts.backtest_page import around_figures, write_page
    from pipelines.simulator.backtests import simulated_backtest

    if write is not None:
        try:
            around_figures(write)
        except ValueError as error:
            raise typer.BadParameter(message_of(error)) from None

    with progress_bars() as bars:

        def progress(done: int, total: int) -> None:
            bars("backtest", done, total)

        if loaded:
            backtest = _loaded(seeds, progress)
        else:
            backtest = simulated_backtest(seeds, units, progress, with_pictures=write is not None)
    for line in lines(backtest):
        say(line)
    if write is not None:
        pictures = write_page(backtest, write)
        say(
            message(
                "Đã ghi số liệu vào {page} và {pictures} hình vào {folder}.",
                page=write,
                pictures=len(pictures),
                folder=pictures[0].parent,
            )
        )


def _loaded(seeds: int, progress: Callable[[int, int], None]) -> Backtest:
    from assets.aggregates.refresh import horizon
    from assets.alerts.series import read_series
    from pipelines.settings import Settings
    from pipelines.simulator.backtests import loaded_backtest
    from warehouse_sql.errors import WarehouseError

    engine = open_warehouse(Settings())
    with engine.connect() as connection:
        through = horizon(connection)
        series = read_series(connection, through, days=800) if through else None
    backtest = loaded_backtest(series, seeds, progress) if series else None
    if backtest is None:
        raise WarehouseError(
            message(
                "Kho chưa đủ số liệu để thử: cần ít nhất bốn tháng và một đơn vị có trung bình 0,15 hồ sơ mới "
                "quá hạn mỗi ngày làm việc; hãy nạp thêm tệp xuất (motcua run) hoặc bỏ --loaded."
            )
        )
    return backtest


def lines(backtest: Backtest) -> list[Message]:
    """Returns the figures, one line each."""
    parts = []
    for title, outcomes in (
        (message("Ngưỡng mặc định của từng cách:"), backtest.at_default),
        (message("Cùng mức 2 báo động sai trên 1.000 đơn vị-ngày làm việc:"), backtest.at_aim),
    ):
        parts.append(title)
        parts += [line for outcome in outcomes for line in _lines_of(outcome)]
    return parts


def _lines_of(outcome: Outcome) -> list[Message]:
    by_level = [
        message("{level:short} hồ sơ/ngày {rate:decimal}", level=level, rate=rate)
        for level, rate in outcome.false_onsets.items()
    ]
    parts = [
        message(
            "  {method}: báo động sai {false:decimal} (tuần sau Tết {tet:decimal}; {by_level})",
            method=outcome.method,
            false=outcome.all_false_onsets,
            tet=outcome.tet_false_onsets,
            by_level=joined(", ", by_level),
        )
    ]
    for factor, is_tet in sorted({(detection.factor, detection.is_tet) for detection in outcome.detections}):
        tried = [
            detection
            for detection in outcome.detections
            if (detection.factor, detection.is_tet) == (factor, is_tet) and detection.spikes
        ]
        if not tried:
            continue
        spikes = joined("; ", map(_spikes, tried))
        if is_tet:
            parts.append(
                message("    tăng ×{factor:short} quanh Tết: {spikes}", factor=factor, spikes=spikes)
            )
        else:
            parts.append(message("    tăng ×{factor:short}: {spikes}", factor=factor, spikes=spikes))
    return parts


def _spikes(detection: Detection) -> Message:
    known = {"level": detection.group, "found": detection.hits, "spikes": detection.spikes}
    if math.isnan(detection.days):
        return message("{level:short} hồ sơ/ngày phát hiện {found}/{spikes}", **known)
    return message(
        "{level:short} hồ sơ/ngày phát hiện {found}/{spikes} sau {days:decimal} ngày",
        days=detection.days,
        **known,
    )
