"""The life of one alert: what holds fires, what is quiet resolves, and no run on the same day changes anything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from assets.alerts.life import Alert, LifeSettings, Look, Step, is_over, step

_SETTINGS = LifeSettings(hold_runs=2, quiet_runs=2, reopen_runs=2, repeat_days=1)
_FIRST = date(2026, 3, 2)


def _live(*days: str, alert: Alert | None = None, settings: LifeSettings = _SETTINGS) -> list[Step]:
    """A letter a day: w warning, c critical, . quiet, i inhibited and unusual, q inhibited and quiet."""
    result, steps = alert or Alert("a", _FIRST), []
    start = result.counted_on + timedelta(1) if result.counted_on else _FIRST
    for place, letter in enumerate("".join(days)):
        day = start + timedelta(place)
        severity = {"w": "warning", "c": "critical", "i": "warning"}.get(letter)
        look = Look(day, day, severity, "thiếu tệp" if letter in "iq" else None)
        done = step(result, look, settings)
        if done.reason in ("opened", "repeat"):
            done = replace(done, alert=replace(done.alert, notified_on=day))
        steps.append(done)
        result = done.alert
    return steps


def _states(steps: list[Step]) -> list[str]:
    return [item.alert.state for item in steps]


def test_a_warning_fires_when_it_has_held() -> None:
    steps = _live("ww")
    assert _states(steps) == ["pending", "firing"]
    assert [item.reason for item in steps] == [None, "opened"]
    assert steps[1].events == ("fired",)


def test_a_critical_one_fires_at_once() -> None:
    (only,) = _live("c")
    assert (only.alert.state, only.reason) == ("firing", "opened")


def test_what_did_not_hold_is_dropped_and_nobody_is_notified() -> None:
    steps = _live("w.")
    assert _states(steps) == ["pending", "resolved"]
    assert steps[1].events == ("dropped",)
    assert {item.reason for item in steps} == {None}


def test_it_resolves_after_quiet_runs_and_says_so() -> None:
    steps = _live("ww..")
    assert _states(steps) == ["pending", "firing", "firing", "resolved"]
    assert steps[-1].reason == "resolved"


def test_it_is_reported_again_daily_until_somebody_takes_it_on() -> None:
    steps = _live("www")
    assert steps[-1].reason == "repeat"
    taken = replace(steps[-1].alert, is_acknowledged=True)
    later = _live("ww..", alert=taken)
    assert [item.reason for item in later] == [None, None, None, "resolved"]


def test_it_coming_back_soon_is_the_same_alert() -> None:
    back = _live("ww....w")[-1]
    assert (back.alert.state, back.events, back.reason) == ("firing", ("reopened",), "repeat")
    gone = _live("ww....")[-1].alert
    assert is_over(gone, _SETTINGS)


def test_turning_critical_is_reported_though_it_was_taken_on() -> None:
    taken = replace(_live("ww")[-1].alert, is_acknowledged=True)
    (worse,) = _live("c", alert=taken)
    assert (worse.events, worse.reason, worse.alert.is_acknowledged) == (("escalated",), "opened", False)


def test_a_silenced_one_goes_on_unheard_until_its_last_day() -> None:
    silenced = replace(_live("w")[-1].alert, state="silenced", silenced_until=_FIRST + timedelta(2))
    steps = _live("www", alert=silenced)
    assert _states(steps) == ["silenced", "silenced", "firing"]
    assert [item.reason for item in steps] == [None, None, "opened"]
    assert "unsilenced" in steps[2].events


def test_a_gap_in_the_feeds_holds_it_up_and_it_resumes_when_it_heals() -> None:
    steps = _live("iiiww")
    assert _states(steps) == ["pending", "pending", "pending", "pending", "firing"]
    assert steps[0].events == ("inhibited",) and steps[3].events == ("released",)
    assert [item.reason for item in steps] == [None, None, None, None, "opened"]
    held = _live("wwqqqq")
    assert _states(held)[2:] == ["firing"] * 4
    assert held[-1].alert.runs_quiet == 0
    assert [item.reason for item in held[2:]] == [None] * 4


_LETTERS = st.text(alphabet="wc.iq", min_size=1, max_size=25)


@given(_LETTERS, st.integers(1, 4), st.integers(1, 4), st.integers(0, 3))
def test_running_again_on_the_same_day_changes_nothing(days: str, hold: int, quiet: int, again: int) -> None:
    settings = LifeSettings(hold_runs=hold, quiet_runs=quiet, reopen_runs=2)
    last = _live(days, settings=settings)[-1]
    day = _FIRST + timedelta(len(days) - 1)
    letter = days[-1]
    severity = {"w": "warning", "c": "critical", "i": "warning"}.get(letter)
    look = Look(day, day, severity, "thiếu tệp" if letter in "iq" else None)
    for _ in range(again):
        assert step(last.alert, look, settings) == Step(last.alert)


@given(_LETTERS, st.integers(1, 4), st.integers(1, 4))
def test_what_holds_at_every_moment(days: str, hold: int, quiet: int) -> None:
    settings = LifeSettings(hold_runs=hold, quiet_runs=quiet, reopen_runs=3)
    steps = _live(days, settings=settings)
    before = Alert("a", _FIRST)
    for place, item in enumerate(steps):
        so_far = days[: place + 1].replace("i", "").replace("q", "")
        alert = item.alert
        assert alert.alert_id == "a"
        if "fired" in item.events:
            assert so_far[-1] == "c" or so_far.endswith("w" * hold) or alert.severity == "critical"
        if "resolved" in item.events:
            assert so_far.endswith("." * quiet)
        if item.reason in ("opened", "repeat"):
            assert alert.state == "firing" and alert.inhibited is None and days[place] in "wc"
        if item.reason == "resolved":
            assert before.notified_on is not None
        if days[place] in "iq":
            assert (alert.runs_seen, alert.runs_quiet, alert.state) == (
                before.runs_seen,
                before.runs_quiet,
                before.state,
            )
        before = alert


@given(_LETTERS, st.integers(0, 30))
def test_nobody_is_notified_of_what_is_silenced(days: str, silent_for: int) -> None:
    until = _FIRST + timedelta(silent_for)
    steps = _live(days, alert=replace(Alert("a", _FIRST), silenced_until=until))
    for place, item in enumerate(steps):
        if _FIRST + timedelta(place) <= until:
            assert item.reason is None
