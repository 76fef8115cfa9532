"""The alert step in the daily job, its check, and the sensors beside it; on made-up signals and real receivers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from threading import current_thread
from typing import Any

import dagster as dg
import pytest
from sqlalchemy import Connection, Engine, text

from assets.alerts import kept_signals
from assets.alerts.detect import detect
from assets.alerts.resources import Notifier
from assets.alerts.signal import Signal
from assets.exports.resources import Landing
from assets.given.archive import Archive
from pipelines.definitions import build_definitions
from pipelines.jobs import is_first_attempt
from pipelines.notices import notify_failure
from pipelines.sensors import dead_man, run_failed, send_notices
from quality.audit import Audit, AuditFailedError, Finding
from quality.catalogue import staged_rules
from tests.alert_worlds import VIETNAM, signal
from tests.receivers import Hook
from tests.worlds import World, provincial
from warehouse_sql.resources import Warehouse

_SILENT = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
_MONDAY = date(2023, 7, 17)


class Notified:
    """A detector that says what it is told to say."""

    def __init__(self) -> None:
        self.signals: list[Signal] = []

    def __call__(self, connection: Connection) -> Sequence[Signal]:
        return self.signals


@pytest.fixture
def world(warehouse: Engine, tmp_path: Any) -> World:
    return World(warehouse, tmp_path)


@pytest.fixture
def detector() -> Notified:
    return Notified()


@pytest.fixture
def notifier(web: Hook, detector: Notified, tmp_path: Any) -> Notifier:
    return Notifier(
        addresses=web.address,
        detect=detector,
        now=lambda: datetime(2023, 7, 18, 6, tzinfo=VIETNAM),
        home=tmp_path / "home",
    )


def _run(
    world: World, notifier: Notifier, url: str, instance: dg.DagsterInstance
) -> dg.ExecuteInProcessResult:
    definitions = build_definitions(
        {
            "warehouse": Warehouse(lambda: url, lock_wait_seconds=0),
            "landing": Landing(
                str(world.landing), Archive(world.landing.parent / "archive"), arrived_when_exported=True
            ),
            "notifier": dg.ResourceDefinition.hardcoded_resource(notifier),
        }
    )
    return definitions.resolve_job_def("daily_run").execute_in_process(
        instance=instance, run_config=_SILENT, raise_on_error=False
    )


def _check(result: dg.ExecuteInProcessResult) -> Any:
    (actual,) = (
        item for item in result.get_asset_check_evaluations() if item.check_name == "overdue_is_usual"
    )
    return actual


def test_series_are_judged_once_while_the_steps_before_show_their_tables(
    world: World, web: Hook, warehouse_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    judges = list[str]()

    def watched(connection: Connection) -> Sequence[Signal]:
        judges.append(current_thread().name)
        return detect(connection)

    monkeypatch.setattr(kept_signals, "import_detector", lambda: watched)
    world.say_provincial("2023-07-17 18:30", provincial())
    with dg.DagsterInstance.ephemeral() as instance:
        notifier = Notifier(addresses=web.address)
        assert _run(world, notifier, warehouse_url, instance).success
        assert judges == ["ahead"]
        # A night without news asks nobody.
        assert _run(world, notifier, warehouse_url, instance).success
        assert judges == ["ahead"]


def test_the_step_tells_of_alerts_and_its_check_follows_their_severity(
    world: World, notifier: Notifier, detector: Notified, web: Hook, warehouse_url: str
) -> None:
    world.say_provincial("2023-07-17 18:30", provincial())
    with dg.DagsterInstance.ephemeral() as instance:
        calm = _run(world, notifier, warehouse_url, instance)
        assert calm.success and _check(calm).passed and web.posts == []

        detector.signals = [signal(severity="warning")]
        notifier.life = replace(notifier.life, hold_runs=1)
        warned = _run(world, notifier, warehouse_url, instance)
        assert warned.success
        assert (_check(warned).passed, _check(warned).severity) == (False, dg.AssetCheckSeverity.WARN)
        assert len(web.posts) == 1

        detector.signals = [signal()]
        alarmed = _run(world, notifier, warehouse_url, instance)
        assert alarmed.success
        assert (_check(alarmed).passed, _check(alarmed).severity) == (False, dg.AssetCheckSeverity.ERROR)
        assert [post["title"].split(":")[0] for post in web.posts] == ["Xã An Cư", "Nghiêm trọng"]
        again = _run(world, notifier, warehouse_url, instance)
        assert again.success and len(web.posts) == 2
    assert world.ask("select status from ops.run order by run_id") == [("success",)] * 4


def test_a_dead_channel_fails_no_run_and_the_sensor_sends_later(
    world: World, notifier: Notifier, detector: Notified, web: Hook, warehouse_url: str
) -> None:
    web.status = 500
    detector.signals = [signal()]
    world.say_provincial("2023-07-17 18:30", provincial())
    with dg.DagsterInstance.ephemeral() as instance:
        assert _run(world, notifier, warehouse_url, instance).success
        assert world.ask("select attempts, sent_at from ops.notice") == [(1, None)]
        web.status = 200
        notifier.now = lambda: datetime(2023, 7, 18, 6, 10, tzinfo=VIETNAM)
        assert "1 sent, 0 failed" in _ask(send_notices, notifier, warehouse_url)
    assert world.ask("select attempts, sent_at is not null from ops.notice") == [(2, True)]


def _ask(sensor: Any, notifier: Notifier, url: str) -> str:
    with dg.build_sensor_context(
        resources={"warehouse": Warehouse(lambda: url), "notifier": notifier}
    ) as context:
        result = sensor(context)
    assert isinstance(result, dg.SkipReason)
    return str(result.skip_message)


def test_the_dead_man_looks_at_the_clock_the_calendar_and_the_runs(
    world: World, notifier: Notifier, web: Hook, warehouse_url: str
) -> None:
    world.run()
    tuesday = date(2023, 7, 18)
    for moment, written in (
        (datetime.combine(tuesday, time(7, 29)), "not yet 07:30"),
        (datetime.combine(date(2023, 7, 16), time(9)), "0 notices"),  # a Sunday
        (datetime.combine(date(2023, 9, 4), time(9)), "0 notices"),  # a day off in lieu
        (datetime.combine(tuesday, time(7, 31)), "1 notices"),
        (datetime.combine(tuesday, time(9)), "0 notices"),
        (datetime.combine(tuesday + timedelta(1), time(9)), "1 notices"),
    ):
        notifier.now = lambda moment=moment: moment.replace(tzinfo=VIETNAM)  # type: ignore[misc]
        assert written in _ask(dead_man, notifier, warehouse_url), moment
    with world.engine.begin() as connection:
        connection.execute(
            text("insert into ops.run (started_at, ended_at, status) values (:at, :at, 'success')"),
            {"at": datetime(2023, 7, 20, 5, 40, tzinfo=VIETNAM)},
        )
    notifier.now = lambda: datetime(2023, 7, 20, 8, tzinfo=VIETNAM)
    assert "0 notices" in _ask(dead_man, notifier, warehouse_url)
    notifier.now = lambda: datetime(2023, 7, 21, 8, tzinfo=VIETNAM)
    assert "1 notices" in _ask(dead_man, notifier, warehouse_url)
    assert "channel" in _ask(dead_man, Notifier(), warehouse_url)


def test_the_dead_man_speaks_though_the_warehouse_is_gone(notifier: Notifier, web: Hook) -> None:
    gone = "postgresql://ai@127.0.0.1:1/x"
    notifier.now = lambda: datetime(2023, 9, 4, 8, tzinfo=VIETNAM)  # a day off in lieu
    assert "0 channels told" in _ask(dead_man, notifier, gone)
    notifier.now = lambda: datetime(2023, 7, 18, 8, tzinfo=VIETNAM)
    assert "1 channels told" in _ask(dead_man, notifier, gone)
    assert "0 channels told" in _ask(dead_man, notifier, gone)
    assert [post["title"] for post in web.posts] == [
        "motcua: đến 07:30 ngày 18/07/2023 chưa có lần chạy nào tốt"
    ]


def test_a_source_that_sends_nothing_is_reported_and_again_after_five_days(
    world: World, notifier: Notifier, warehouse_url: str
) -> None:
    feed = world.sources["igate"].feed
    assert feed is not None
    world.promise("igate", replace(feed, every="working_day"))
    world.say_provincial("2023-07-17 18:30", provincial())
    world.run()
    counts = []
    for place in range(1, 10):
        day = _MONDAY + timedelta(place)
        notifier.now = lambda day=day: datetime.combine(day, time(23, 30), VIETNAM)  # type: ignore[misc]
        counts.append(notifier.watch_feeds(world.engine))
        assert notifier.watch_feeds(world.engine) == 0
    assert sum(counts) == 2 and counts.count(1) == 2, counts
    bodies = world.ask("select body from ops.notice order by notice_id")
    assert "- igate: thiếu 1 ngày, từ 18/07/2023; tệp gần nhất của ngày 17/07/2023" in bodies[0][0]
    world.say_provincial("2023-07-26 18:30", provincial())
    world.run()
    notifier.now = lambda: datetime(2023, 7, 26, 20, tzinfo=VIETNAM)
    assert notifier.watch_feeds(world.engine) == 0


def test_a_source_is_reported_silent_once_it_is_so_for_longer_than_usual(
    world: World, notifier: Notifier, warehouse_url: str
) -> None:
    """Every second working day, due by the next morning."""
    for day in ("03", "05", "07", "11", "13", "17", "19"):
        world.say_provincial(f"2023-07-{day} 18:30", provincial())
    world.run()
    values = {}
    for day in (20, 21, 22):
        notifier.now = lambda day=day: datetime(2023, 7, day, 8, 0, tzinfo=VIETNAM)  # type: ignore[misc]
        values[day] = notifier.watch_feeds(world.engine)
    assert values == {20: 0, 21: 0, 22: 1}
    ((body,),) = world.ask("select body from ops.notice")
    assert "- igate: thiếu 1 ngày, từ 21/07/2023; tệp gần nhất của ngày 19/07/2023" in body


def test_a_step_that_fails_is_reported_once_in_the_words_of_its_error(
    world: World, notifier: Notifier, web: Hook, warehouse_url: str
) -> None:
    def broken(_: Connection) -> Sequence[Signal]:
        raise KeyError("Nguyễn Văn A, 0912345678")

    notifier.detect = broken
    world.say_provincial("2023-07-17 18:30", provincial())
    with dg.DagsterInstance.ephemeral() as instance:
        for _ in range(2):
            result = _run(world, notifier, warehouse_url, instance)
            assert not result.success
        run = instance.get_run_by_id(result.run_id)
        assert run and is_first_attempt(run)
        assert not is_first_attempt(run.with_tags({**run.tags, "dagster/retry_number": "1"}))
    rows = world.ask("select kind, body from ops.notice")
    assert [kind for kind, _ in rows] == ["run_failed"]
    assert "KeyError" in rows[0][1] and "Nguyễn" not in rows[0][1] and "0912" not in rows[0][1]


def test_a_run_that_could_not_say_it_itself_is_reported_by_the_sensor(
    world: World, notifier: Notifier, warehouse_url: str
) -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        for tags in ({"dagster/retry_number": "1"}, {}):
            context = dg.build_run_status_sensor_context(
                sensor_name="run_failed",
                dagster_event=dg.DagsterEvent(
                    event_type_value="PIPELINE_FAILURE", job_name="daily_run", message="killed"
                ),
                dagster_instance=instance,
                dagster_run=dg.DagsterRun(job_name="daily_run", run_id=str(uuid.uuid4()), tags=tags),
                resources={"warehouse": Warehouse(lambda: warehouse_url), "notifier": notifier},
            ).for_run_failure()
            with context:
                run_failed(context)
            assert len(world.ask("select 1 from ops.notice")) == (0 if tags else 1)
    assert world.ask("select kind, subject from ops.notice") == [
        ("run_failed", "motcua: lần chạy thất bại (DagsterRunFailure)")
    ]


def test_the_gate_has_words_of_its_own(world: World, notifier: Notifier, web: Hook) -> None:
    blocking = replace(staged_rules("reject")[0], severity="block")
    for count in (12, 13):
        error = AuditFailedError(Audit(100, (Finding(blocking, count),)))
        notify_failure(notifier, lambda: world.engine, error, sends=True)
    (only,) = web.posts
    assert only["title"] == "motcua: cổng kiểm soát chất lượng chặn lần chạy"
    assert "12" in only["message"] and blocking.id in only["message"] and "--accept" in only["message"]
