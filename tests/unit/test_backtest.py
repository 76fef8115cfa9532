"""The backtest counts what it says it counts, and the other detectors do what their authors say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from assets.alerts.backtest import Detection, Outcome, Spiked, Trial, outcome, rate, score, threshold_for
from assets.alerts.backtest_page import Backtest, section, write_page
from assets.alerts.rivals import ears_c2, methods, modified_z_score, z_score
from assets.alerts.series import Key, Series
from pipelines.simulator.backtests import loaded_backtest, simulated_backtest
from pipelines.simulator.flows import draw_history, tet_days, working_days
from pipelines.simulator.trials import LEVELS, loaded_trial, simulated_trial

_PAGE = Path(__file__).parents[2] / "docs" / "alerts.md"


def _series(*rows: list[int]) -> Series:
    days = working_days(date(2023, 1, 2), date(2024, 6, 28))
    counts = np.array(rows, np.int32)
    keys = tuple(Key("unit", f"{place:05}", f"Xã {place}", "89") for place in range(len(rows)))
    cut = replace(
        days,
        day=days.day[: counts.shape[1]],
        is_after_holiday=days.is_after_holiday[: counts.shape[1]],
        is_whole=days.is_whole[: counts.shape[1]],
    )
    return Series(keys, cut, counts, np.full_like(counts, 10))


def test_the_z_score_has_the_judged_day_in_its_sample() -> None:
    """14 days with the judged one: a single case after 13 days of none is as far as it can be, (n - 1) / sqrt(n)."""
    actual = z_score(_series([0] * 20 + [1] + [0] * 3, [0] * 20 + [900] + [0] * 3, [2] * 24))
    assert actual[0, 20] == pytest.approx(13 / np.sqrt(14))
    assert actual[1, 20] == pytest.approx(actual[0, 20])
    assert not actual[2].any()
    # Less than seven days say nothing.
    assert not z_score(_series([0, 0, 0, 0, 0, 9, 0]))[0, :6].any()


def test_ears_c2_leaves_two_days_out_and_looks_at_the_seven_before() -> None:
    counts = [1, 2, 3, 1, 2, 3, 2, 90, 90, 7, 0]
    baseline = np.array(counts[:7], float)
    expected = (7 - baseline.mean()) / baseline.std(ddof=1)
    assert ears_c2(_series(counts))[0, 9] == pytest.approx(expected)
    nothing = _series([0] * 9 + [1, 0])
    assert np.isinf(ears_c2(nothing)[0, 9]) and ears_c2(nothing)[0, 10] == 0
    assert ears_c2(nothing, 0.5)[0, 9] == pytest.approx(2.0)


def test_the_modified_z_score_falls_back_where_half_of_the_days_are_equal() -> None:
    spread = list(range(60))
    actual = modified_z_score(_series([*spread, 100], [0] * 40 + [1] * 20 + [5], [0] * 60 + [5]))
    assert actual[0, 60] == pytest.approx(0.6745 * (100 - 29.5) / 15)
    assert actual[1, 60] == pytest.approx(5 / (1.253314 / 3))
    assert actual[2, 60] == 0


def _toy() -> Trial:
    """Two units of twenty days; unit 0 scores on days 3, 4 and 12 without a spike, unit 1 never."""
    clean, spiked = np.zeros((2, 20), np.int32), np.zeros((2, 20), np.int32)
    clean[0, [3, 4, 12]] = (5, 7, 9)
    spiked[1, [10, 16]] = 9
    days = working_days(date(2023, 3, 1), date(2023, 3, 28))
    keys = tuple(Key("unit", f"{place}", f"Xã {place}", "89") for place in range(2))
    starts = np.array([[-1, -1], [8, 17]])
    is_tet = np.zeros(20, np.bool_)
    is_tet[12] = True
    return Trial(
        Series(keys, days, clean, clean),
        np.array([1.0, 3.0]),
        is_tet,
        (Spiked(Series(keys, days, spiked, spiked), 3.0, False, starts[:, :1]),),
        0,
    )


def _counts(series: Series) -> NDArray[np.float64]:
    return series.newly.astype(np.float64)


def test_onsets_and_spikes_are_counted_by_level() -> None:
    actual = outcome("counts", [score(_toy(), _counts)], 4.0)
    assert actual.false_onsets == {1.0: 100.0, 3.0: 0.0}
    assert actual.all_false_onsets == 50.0
    assert actual.tet_false_onsets == 500.0
    (first,) = [f for f in actual.detections if f.group == 3.0]
    assert (first.spikes, first.hits, first.days) == (1, 1, 3.0)
    (none,) = [f for f in actual.detections if f.group == 1.0]
    assert none.spikes == 0


def test_the_threshold_for_a_rate_is_the_least_that_keeps_it() -> None:
    scored = [score(_toy(), _counts)]
    threshold = threshold_for(scored, 25.0)
    assert rate(scored, threshold) <= 25.0 < rate(scored, threshold - 0.01)
    assert threshold_for([replace(scored[0], clean=np.full((2, 20), np.inf, np.float32))]) == float("inf")


def test_a_history_is_what_it_says_and_the_same_by_its_seed() -> None:
    first, two, other = (draw_history(seed, LEVELS, 40) for seed in (7, 7, 8))
    assert (first.series.newly == two.series.newly).all()
    assert (first.series.newly != other.series.newly).any()
    for level in LEVELS:
        assert first.series.newly[first.level == level].mean() == pytest.approx(level, rel=0.25)
    tet = np.flatnonzero(tet_days(first.series.days))
    assert [first.series.days.day[place] for place in tet] == [date(2023, 1, 27), date(2024, 2, 15)]


def test_spikes_lie_apart_from_tet_and_from_each_other_or_over_it() -> None:
    trial = simulated_trial(7, 20)
    for spiked in trial.spiked:
        rows, columns = np.nonzero(spiked.starts >= 0)
        for row, start in zip(rows, spiked.starts[rows, columns], strict=True):
            window = slice(start, start + 5)
            assert (spiked.series.newly[row, window] >= trial.clean.newly[row, window]).all()
            assert bool(trial.is_tet[window].any()) == spiked.is_tet
        more = (spiked.series.newly - trial.clean.newly).sum(axis=1)
        assert not more[(spiked.starts < 0).all(axis=1)].any()
        if not spiked.is_tet:
            gaps = np.diff(np.sort(spiked.starts, axis=1), axis=1)
            assert gaps[spiked.starts.min(axis=1) >= 0].min() >= 60


def _simulated() -> Backtest:
    return simulated_backtest(1, 12, lambda done, total: None, with_pictures=False)


@pytest.fixture(scope="module")
def simulated() -> Backtest:
    """One for all that only read it: it takes seconds."""
    return _simulated()


def test_the_same_arguments_give_the_same_figures(simulated: Backtest) -> None:
    assert section(simulated) == section(_simulated())


def test_loaded_flows_are_tried_with_spikes_on_top() -> None:
    loaded = draw_history(9, (0.05, 1.0, 3.0), 8).series
    trial = loaded_trial(loaded, 1)
    assert trial is not None
    # Days before the first dossier count neither as right nor as wrong.
    late = Series(
        loaded.keys,
        loaded.days,
        *(np.where(np.arange(counts.shape[1]) < 300, 0, counts) for counts in (loaded.newly, loaded.due)),
    )
    cut = loaded_trial(late, 1)
    assert cut is not None and len(cut.clean.days.day) == len(loaded.days.day) - 300
    # Those of one in twenty days are too few to be tried.
    assert set(np.unique(trial.group)) <= {0.3, 1.0, 3.0}
    actual = loaded_backtest(loaded, 1, lambda done, total: None)
    assert actual is not None and {item.method for item in actual.at_aim} == {m.name for m in methods()}
    assert loaded_backtest(_series([0] * 30), 1, lambda done, total: None) is None


@pytest.mark.parametrize(
    ("expected", "words"),
    [(900, "**above the aim**"), (505, "**at the aim**, within the error"), (400, "**below the aim**")],
)
def test_the_page_says_plainly_how_far_the_aim_is(expected: int, words: str) -> None:
    spikes = tuple(Detection(3.0, False, group, 1000, expected, 2.0) for group in (1.0, 3.0))
    own = Outcome("motcua", 2.6, {1.0: 2.0, 3.0: 2.0}, 2.0, 2.0, 1000, spikes)
    page = section(Backtest("", "", [own], [own], (), None, ()))
    assert f" at 1 a day ({words})" in page


def test_a_page_without_marks_is_left_as_it_is(simulated: Backtest, tmp_path: Path) -> None:
    page = tmp_path / "trang.md"
    page.write_text("# Trang\n", encoding="utf-8")
    with pytest.raises(ValueError, match="hãy thêm vào"):
        write_page(simulated, page)
    assert page.read_text(encoding="utf-8") == "# Trang\n"
    page.write_text(
        "vào\n<!-- backtest: made by a command, do not edit -->\ncũ\n<!-- backtest: end -->\nra\n",
        encoding="utf-8",
    )
    pictures = write_page(simulated, page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("vào\n") and text.endswith("<!-- backtest: end -->\nra\n") and "cũ" not in text
    assert [picture.name for picture in pictures] == ["found.svg", "false-onsets.svg"]
    assert all(picture.read_text(encoding="utf-8").startswith("<svg") for picture in pictures)


def test_the_page_of_the_docs_has_its_figures_and_pictures() -> None:
    text = _PAGE.read_text(encoding="utf-8")
    assert "| motcua |" in text and "The aim is to find" in text and "below the aim" not in text
    for picture in re.findall(r"\]\((alerts/[^)]+)\)", text):
        assert (_PAGE.parent / picture).is_file(), picture


def test_the_command_tells_figures_in_vietnamese() -> None:
    from pipelines.cli.alerts_backtest import lines

    own = outcome("motcua", [score(_toy(), _counts)], 4.0)
    assert lines(Backtest("", "", [own], [own], (), None, ()))[:3] == [
        "Ngưỡng mặc định của từng cách:",
        "  motcua: báo động sai 50,0 (tuần sau Tết 500,0; 1 hồ sơ/ngày 100,0, 3 hồ sơ/ngày 0,0)",
        "    tăng ×3: 3 hồ sơ/ngày phát hiện 1/1 sau 3,0 ngày",
    ]


def test_a_wrong_call_says_so(tmp_path: Path) -> None:
    import typer

    from pipelines.cli.alerts_backtest import backtest

    app = typer.Typer()
    app.command()(backtest)
    page = tmp_path / "trang.md"
    page.write_text("", encoding="utf-8")
    result = CliRunner().invoke(app, ["--loaded", "--write", str(page)])
    assert result.exit_code == 2
    assert "--loaded" in result.output
    # Said before the minutes that it takes, not after them.
    result = CliRunner().invoke(app, ["--write", str(page)])
    assert result.exit_code == 2
    assert "hãy thêm vào" in " ".join(result.output.split())


def test_outcomes_tell_a_share_by_factor_and_level() -> None:
    actual: Outcome = outcome("counts", [score(_toy(), _counts)], 4.0)
    assert actual.share(3.0, 3.0) == 1.0
