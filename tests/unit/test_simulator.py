"""Made-up exports: every reader takes them whole, and the last word on each dossier agrees with what was drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path

import polars as pl
import pytest

from assets.sources.reading import Reading
from assets.sources.shapes import read_export
from assets.sources.sources import load_sources
from pipelines.simulator import Spike, Truth, parse_spike, simulate
from pipelines.simulator.places import PLACES

SOURCES = load_sources()
START, END = date(2023, 2, 1), date(2023, 3, 14)
ORGANISATIONS = {place.organisation_code: place for place in PLACES}
Readings = Mapping[str, Reading]


def readings_of(folder: Path) -> dict[str, Reading]:
    """Path relative to the landing root -> what its reader found."""
    result = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        path = str(file.relative_to(folder))
        source = SOURCES[path.split("/", maxsplit=1)[0]]
        result[path] = read_export(file.read_bytes(), source, path)
    return result


def said(readings: Readings) -> pl.DataFrame:
    """Every dossier row of every file, with `source` and `exported_at`, in the order of exports."""
    frames = [
        reading.dossiers.with_columns(
            source=pl.lit(path.split("/", maxsplit=1)[0]),
            exported_at=pl.lit(reading.exported_at, dtype=pl.Datetime("us")),
        )
        for path, reading in readings.items()
        if reading.dossiers is not None
    ]
    return pl.concat(frames).sort("exported_at", maintain_order=True)


def last_words(rows: pl.DataFrame) -> list[dict[str, object]]:
    """The last provincial row of each dossier, its channel taken from wherever it is said."""
    channels = dict(
        rows.filter(pl.col("channel").is_not_null()).select("dossier_code", "channel").iter_rows()
    )
    last = rows.filter(pl.col("source") != "dvcqg").unique("dossier_code", keep="last", maintain_order=True)
    return [row | {"channel": channels.get(row["dossier_code"], 1)} for row in last.iter_rows(named=True)]


def ii06(rows: pl.DataFrame, end: date) -> Counter[tuple[str, date, int, str]]:
    """(unit, valid from, channel, class) -> dossiers, by the simplest rules there are."""
    counts: Counter[tuple[str, date, int, str]] = Counter()
    for row in last_words(rows):
        if row["received_at"] is None:
            continue
        place = ORGANISATIONS[row["dossier_code"].split("-", maxsplit=1)[0]]
        key = (place.unit_code, place.valid_from, row["channel"])
        due = row["due_at"].date() if row["due_at"] else None
        counts[*key, "received"] += 1
        if row["ended_at"] is None:
            counts[*key, "pending"] += 1
            counts[*key, "pending_overdue"] += row["status"] in (2, 4) and due is not None and due < end
            continue
        ended = row["ended_at"].date()
        if row["status"] == 7 or due is None or ended == due:
            counts[*key, "resolved_on_time"] += 1
        else:
            counts[*key, "resolved_early" if ended < due else "resolved_late"] += 1
    return +counts


def counted(truth: Truth) -> Counter[tuple[str, date, int, str]]:
    counts: Counter[tuple[str, date, int, str]] = Counter()
    for unit in truth.units:
        for name, number in vars(unit.counts).items():
            counts[unit.unit_code, unit.valid_from, unit.channel, name] = number
    return +counts


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Truth, Readings]:
    folder = tmp_path_factory.mktemp("world")
    truth = simulate(folder, start=START, end=END, per_day=60, seed=7, every_days=2)
    return truth, readings_of(folder)


def test_every_file_is_read_without_a_remark(world: tuple[Truth, Readings]) -> None:
    truth, readings = world
    assert len(readings) == truth.files
    assert {path: reading.remarks for path, reading in readings.items() if reading.remarks} == {}


def test_no_row_has_anything_unreadable_or_unknown(world: tuple[Truth, Readings]) -> None:
    for path, reading in world[1].items():
        rows = reading.dossiers if reading.dossiers is not None else reading.steps
        assert rows is not None and rows.height > 0, path
        assert rows.select("dossier_code", "status").null_count().row(0) == (0, 0), path
        assert rows["unreadable_field"].null_count() == rows.height, path
    rows = said(world[1])
    assert not rows.select("dossier_code", "source", "exported_at").is_duplicated().any()
    assert rows.filter(pl.col("ended_at") < pl.col("received_at")).is_empty()
    assert rows.filter(pl.col("returned_at") < pl.col("ended_at")).is_empty()


def test_the_last_words_agree_with_the_truth(world: tuple[Truth, Readings]) -> None:
    truth, readings = world
    assert len(last_words(said(readings))) == truth.dossiers
    assert ii06(said(readings), END) == counted(truth)
    total = truth.total()
    assert total.received == total.resolved + total.pending
    assert total.resolved_late > 0 and total.pending_overdue > 0


def test_an_export_says_nothing_later_than_its_moment(world: tuple[Truth, Readings]) -> None:
    rows = said(world[1])
    happened = (
        "submitted_at",
        "received_at",
        "ended_at",
        "returned_at",
        "refused_at",
        "supplement_requested_at",
    )
    assert rows.filter(pl.max_horizontal(happened) > pl.col("exported_at")).is_empty()
    for path, reading in world[1].items():
        if reading.steps is not None:
            assert reading.exported_at is not None
            assert reading.steps["processed_at"].max() <= reading.exported_at, path  # type: ignore[operator]


def test_the_last_export_covers_the_last_day(world: tuple[Truth, Readings]) -> None:
    moments = {reading.exported_at for reading in world[1].values()}
    assert None not in moments
    last = max(moment for moment in moments if moment)
    assert last.date() == END and last >= datetime.combine(END, time(23, 59))
    assert {moment.time() for moment in moments if moment and moment.date() < END} == {time(18, 30)}


def test_the_province_moves_from_lists_to_igate(world: tuple[Truth, Readings]) -> None:
    rows = said(world[1])
    lists, pages = rows.filter(pl.col("source") == "angiang"), rows.filter(pl.col("source") == "igate")
    assert lists["exported_at"].max() < pages["exported_at"].min()  # type: ignore[operator]
    assert lists["channel"].null_count() == lists.height
    assert lists["procedure_code"].null_count() == lists.height


def test_the_quirks_of_the_portals_are_there(world: tuple[Truth, Readings]) -> None:
    rows = said(world[1])
    provincial, copies = rows.filter(pl.col("source") != "dvcqg"), rows.filter(pl.col("source") == "dvcqg")
    assert {1, 3, 4, 5, 7, 9, 10} <= set(provincial["status"])
    assert set(copies["status"]) <= {2, 3, 4, 7, 9, 10}
    refused = provincial.filter(pl.col("status") == 3)
    assert refused.select("received_at", "due_at", "ended_at").null_count().row(0) == (refused.height,) * 3
    waiting = copies.filter(
        pl.col("supplements").str.contains('"resumed_at": null') & (pl.col("status") == 9)
    )
    assert waiting.height > 0 and waiting["ended_at"].null_count() == 0
    assert copies.filter(pl.col("supplements").str.contains('"due_after": "2023')).height > 0
    assert provincial.filter(pl.col("due_at").is_null() & pl.col("received_at").is_not_null()).height > 0
    assert provincial.filter(pl.col("submitted_at") < pl.col("received_at")).height > 0
    missing = set(provincial["dossier_code"]) - set(copies["dossier_code"])
    assert missing
    behind = copies.unique("dossier_code", keep="last").join(
        provincial.unique("dossier_code", keep="last"), on="dossier_code", suffix="_here"
    )
    assert behind.filter((pl.col("status") == 4) & (pl.col("status_here") >= 9)).height > 0
    assert copies["has_household_book"].any() and copies["has_identity_copy"].any()


def test_one_seed_gives_the_same_bytes_and_another_gives_others(tmp_path: Path) -> None:
    def written(name: str, seed: int) -> dict[str, bytes]:
        folder = tmp_path / name
        simulate(folder, start=START, end=date(2023, 2, 8), per_day=20, seed=seed)
        return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}

    first = written("one", 1)
    assert first == written("again", 1)
    assert first != written("other", 2)


def test_a_total_of_dossiers_is_kept_and_progress_is_told(tmp_path: Path) -> None:
    shown: list[tuple[int, int]] = []
    truth = simulate(
        tmp_path, start=START, end=END, dossiers=321, progress=lambda done, days: shown.append((done, days))
    )
    assert truth.dossiers == 321
    assert shown == sorted(shown) and shown[-1] == (42, 42)


def test_a_large_list_comes_as_csv(tmp_path: Path) -> None:
    truth = simulate(tmp_path, start=date(2023, 2, 6), end=date(2023, 2, 7), per_day=4_000)
    readings = readings_of(tmp_path)
    assert [path.endswith(".csv") for path in readings if path.startswith("angiang")] == [True]
    assert all(not reading.remarks for reading in readings.values())
    assert ii06(said(readings), date(2023, 2, 7)) == counted(truth)


def test_after_the_reform_new_units_receive_and_old_dossiers_keep_theirs(tmp_path: Path) -> None:
    reform, end = date(2025, 7, 1), date(2025, 7, 18)
    truth = simulate(tmp_path, start=date(2025, 6, 16), end=end, per_day=60, seed=5, switch=date(2025, 7, 8))
    readings = readings_of(tmp_path)
    assert all(not reading.remarks for reading in readings.values())
    rows = said(readings)
    assert ii06(rows, end) == counted(truth)
    assert {unit.unit_code for unit in truth.units if unit.valid_from == reform} == {
        *("30502", "30505", "30520", "30526", "30538")
    }
    received = rows.filter(pl.col("received_at").is_not_null())
    is_new = received["dossier_code"].str.contains(r"^H01\.1(28|29|30|31|32)-25")
    assert received["received_at"].dt.date().ge(reform).equals(is_new)
    old_after = received.filter(~is_new & (pl.col("exported_at") > pl.lit(reform)))
    assert {"UBND thị xã Tịnh Biên", "UBND phường Nhà Bàng"} <= set(old_after["unit_name"])
    assert "UBND xã Núi Cấm" in set(received.filter(is_new)["unit_name"])


def test_batches_of_days_do_not_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lives that go on when the next days are drawn are spoken of to their end."""
    monkeypatch.setattr("pipelines.simulator.run._BATCH_LIVES", 150)
    truth = simulate(tmp_path, start=START, end=END, per_day=30, seed=3, every_days=3)
    rows = said(readings_of(tmp_path))
    assert len(last_words(rows)) == truth.dossiers
    assert ii06(rows, END) == counted(truth)


def test_a_spike_multiplies_what_falls_overdue(tmp_path: Path) -> None:
    def unmet(name: str, spikes: list[Spike]) -> int:
        folder = tmp_path / name
        simulate(folder, start=START, end=date(2023, 3, 3), per_day=150, seed=4, spikes=spikes, every_days=3)
        days = (date(2023, 2, 20), date(2023, 2, 24))
        return sum(
            row["due_at"] is not None
            and days[0] <= row["due_at"].date() <= days[1]
            and row["dossier_code"].startswith("000.27.33.H01")
            and row["status"] not in (5, 6, 7, 8)
            and (row["ended_at"] is None or row["ended_at"].date() > row["due_at"].date())
            for row in last_words(said(readings_of(folder)))
        )

    before, after = unmet("calm", []), unmet("spike", [Spike("30520", date(2023, 2, 20), 6.0)])
    assert after >= 6 * max(before, 1)


def test_bad_rows_come_on_top_of_the_true_ones(tmp_path: Path) -> None:
    truth = simulate(tmp_path, start=START, end=END, per_day=20, seed=7, every_days=2, defects=0.5)
    rows = said(readings_of(tmp_path))
    is_bad = (
        pl.col("dossier_code").fill_null("").str.contains("-").not_()
        | pl.col("status").is_null()
        | pl.col("unreadable_field").is_not_null()
        | (pl.col("ended_at") < pl.col("received_at")).fill_null(False)
    )
    good = rows.filter(~is_bad)
    assert good.height < rows.height
    assert good.select("dossier_code", "source", "exported_at").is_duplicated().any()
    assert ii06(good, END) == counted(truth)
    assert counted(truth) == counted(
        simulate(tmp_path / "x", start=START, end=END, per_day=20, seed=7, every_days=2)
    )


def test_a_spike_is_written_as_unit_day_and_factor() -> None:
    assert parse_spike("30520:2023-07-10:3") == Spike("30520", date(2023, 7, 10), 3.0)
    assert parse_spike(" 890:2023-07-10:1.5 ").factor == 1.5


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("30520", "MÃ_ĐƠN_VỊ:NGÀY:HỆ_SỐ"),
        ("30520:10/07/2023:3", "MÃ_ĐƠN_VỊ:NGÀY:HỆ_SỐ"),
        ("30520:2023-02-30:3", "không phải là ngày có thật"),
        ("99999:2023-07-10:3", "không có đơn vị 99999"),
        ("30520:2023-07-10:0.5", "từ 1 trở lên"),
    ],
)
def test_a_spike_written_otherwise_is_refused_in_one_sentence(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words) as refused:
        parse_spike(text)
    assert str(refused.value).endswith(".") and "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "arguments",
    [
        {"start": END, "end": START},
        {"start": START, "end": END, "per_day": 5, "dossiers": 5},
        {"start": START, "end": END, "spikes": [Spike("30520", date(2024, 1, 1), 2.0)]},
    ],
)
def test_arguments_that_contradict_each_other_are_refused(
    tmp_path: Path, arguments: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        simulate(tmp_path, **arguments)  # type: ignore[arg-type]
    assert not any(tmp_path.iterdir())
