"""A warehouse on several servers holds the same as one on one server, night after night.

Runs where MOTCUA_CITUS_URL names an empty database of a Citus; what the tests make there is dropped again.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import InternalError, NotSupportedError, ProgrammingError

from assets.aggregates.refresh import refresh_aggregates, sum_up
from assets.exports.quarantine_replay import Replayed, replay_quarantine
from assets.facts.derive import derive_facts
from assets.rebuild import COMPARED, finish_waiting, rebuild, table_digest
from assets.sources.source import StatusMeaning
from quality.published import failing_published, findings_as_published
from tests.taken_in import WORLDS
from tests.worlds import CODE, World, national, provincial, world_of_complete_lists
from warehouse_sql.distribute import distribute
from warehouse_sql.distribution import PLACES, Place
from warehouse_sql.engine import open_engine
from warehouse_sql.migrate import migrate
from warehouse_sql.sql_files import prepared, statements_of
from warehouse_sql.vietnam_time import VIETNAM

_URL = "MOTCUA_CITUS_URL"
pytestmark = pytest.mark.skipif(not os.environ.get(_URL), reason=f"Citus was not tried: {_URL} names none")
_SQL = Path(__file__).parents[2] / "warehouse_sql"
_ROOMS = ("alert", "core", "history", "landing", "mart", "ops")
_OTHER = "000.26.33.H01-230717-0002"
#: Views that Citus does not answer, as docs/scaling.md says.
_UNANSWERED = {
    *("history.presence", "mart.dossier", "mart.edited_after_the_fact"),
    *('vi."Hồ sơ"', 'vi."Hồ sơ đang giải quyết"'),
}
_SCHEMAS = "landing, history, core, mart, ops, vi"


@pytest.fixture
def citus() -> Iterator[Engine]:
    """A migrated and distributed warehouse without a row in the database of MOTCUA_CITUS_URL."""
    engine = open_engine(os.environ[_URL])
    migrate(engine)
    distribute(engine, parts=4)
    yield engine
    with engine.begin() as connection:
        connection.execute(text(f"drop schema {_SCHEMAS} cascade"))
        connection.execute(text("drop table public.alembic_version"))
    engine.dispose()


def test_every_table_is_where_it_belongs(citus: Engine) -> None:
    with citus.connect() as connection:
        rows = connection.execute(
            text("select cast(table_name as text), citus_table_type from citus_tables")
        ).all()
    kinds = {row[0]: row[1] for row in rows}
    assert {table for table, kind in kinds.items() if kind == "distributed"} == _placed(Place.DISTRIBUTED)
    assert {table for table, kind in kinds.items() if kind == "reference"} == _placed(Place.EVERYWHERE)


def test_what_is_distributed_lies_together(citus: Engine) -> None:
    with citus.connect() as connection:
        query = (
            "select count(distinct colocation_id) from citus_tables where citus_table_type = 'distributed'"
        )
        assert connection.execute(text(query)).scalar_one() == 1


def test_distributing_and_migrating_again_changes_nothing(citus: Engine) -> None:
    assert distribute(citus, parts=4) == []
    assert migrate(citus) == []


def test_an_upgrade_lays_out_the_tables_that_it_brings(citus: Engine) -> None:
    with citus.begin() as connection:
        connection.execute(text("select undistribute_table('ops.unchecked_dossier')"))
        connection.execute(text("update ops.setting set value = 'older' where name = 'objects_digest'"))
    assert migrate(citus) == ["views and functions"]
    assert distribute(citus, parts=4) == []
    with citus.connect() as connection:
        query = "select citus_table_type from citus_tables where table_name = cast('ops.unchecked_dossier' as regclass)"
        assert connection.execute(text(query)).scalar_one() == "distributed"


def test_citus_takes_every_statement_of_runs_that_needs_no_temporary_table(citus: Engine) -> None:
    refused = []
    for file in sorted(file for room in _ROOMS for file in (_SQL / room).glob("*.sql")):
        for statement in statements_of(file.read_text(encoding="utf-8")):
            if not statement.lower().startswith(("select", "with", "insert", "update", "delete")):
                continue
            clause, names = prepared(f"explain {statement}")
            with citus.connect() as connection:
                try:
                    connection.execute(clause, dict.fromkeys(names))
                except (NotSupportedError, InternalError) as error:
                    refused.append((file.name, statement[:60], str(error.orig)))
                except ProgrammingError:
                    continue  # it needs a table of the statement before, or a value to know its type
    # Updates by rows that are handed over as values: laid_out.py.
    assert [each for each in refused if not each[1].startswith("with") or "materialized" not in each[1]] == []


def test_every_view_answers_but_those_that_the_page_on_scaling_names(citus: Engine) -> None:
    views = (
        "select format('%I.%I', schemaname, viewname) from pg_views"
        f" where schemaname = any(string_to_array('{_SCHEMAS}', ', '))"
    )
    refused = set()
    with citus.connect() as connection:
        names = connection.execute(text(views)).scalars().all()
    for name in names:
        with citus.connect() as connection:
            try:
                connection.exec_driver_sql(f"select count(*) from (select * from {name}) as q")
            except (NotSupportedError, InternalError):
                refused.add(name)
    assert len(names) > 40
    assert refused == _UNANSWERED


@pytest.mark.parametrize("name", WORLDS)
def test_one_night_gives_the_same_as_on_one_server(
    name: str, citus: Engine, warehouse: Engine, tmp_path: Path
) -> None:
    alone, spread = World(warehouse, tmp_path / "alone"), World(citus, tmp_path / "spread")
    for world in (alone, spread):
        WORLDS[name](world)
        world.run()
    assert _digests(citus) == _digests(warehouse)


def test_a_large_load_gives_the_same_as_on_one_server(
    citus: Engine, warehouse: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Many buckets, and more dossiers than are looked up one by one: tables are analysed, and touched dossiers taken off."""
    monkeypatch.setattr("assets.facts.publish._FEW", 0)
    for engine, folder in ((warehouse, "alone"), (citus, "spread")):
        world = World(engine, tmp_path / folder)
        WORLDS["three_months"](world)
        world.take_in()
        derive_facts(engine, sum_up, bucket_size=20)
        refresh_aggregates(engine)
    assert _digests(citus) == _digests(warehouse)


@pytest.mark.parametrize("name", ["july", "three_months"])
def test_nights_in_any_order_and_a_rebuild_give_the_same_as_one_night_on_one_server(
    name: str, citus: Engine, warehouse: Engine, tmp_path: Path
) -> None:
    alone, spread = World(warehouse, tmp_path / "alone"), World(citus, tmp_path / "spread")
    WORLDS[name](alone)
    alone.run()
    for files in _in_nights(alone.landing, 4):
        for file in files:
            _copy(file, spread.landing / file.relative_to(alone.landing))
        spread.run()
    assert _digests(citus) == _digests(warehouse)
    rebuild(citus, spread.archive, spread.sources)
    assert _digests(citus) == _digests(warehouse)


def test_lists_that_no_longer_name_a_dossier_give_the_same(
    citus: Engine, warehouse: Engine, tmp_path: Path
) -> None:
    for engine, folder in ((warehouse, "alone"), (citus, "spread")):
        world = world_of_complete_lists(engine, tmp_path / folder)
        for day, codes in ((17, (CODE, _OTHER)), (20, (CODE,)), (18, (_OTHER,)), (21, (CODE, _OTHER))):
            world.say_provincial(f"2023-07-{day} 18:30", *map(provincial, codes))
            world.run()
    assert _digests(citus) == _digests(warehouse)


def test_what_older_readers_left_out_is_added_as_on_one_server(
    citus: Engine, warehouse: Engine, tmp_path: Path
) -> None:
    for engine, folder in ((warehouse, "alone"), (citus, "spread")):
        world = World(engine, tmp_path / folder)
        WORLDS["july"](world)
        world.run()
        with engine.begin() as connection:
            connection.execute(text("update landing.export_file set reader_version = 0"))
            connection.execute(
                text("update history.dossier_version set due_has_clock = null, ended_has_clock = null")
            )
        world.run()
        assert world.ask("select count(*) from history.dossier_version where due_has_clock")[0][0] > 0
    assert _digests(citus) == _digests(warehouse)


def test_refused_rows_are_taken_in_again_as_on_one_server(
    citus: Engine, warehouse: Engine, tmp_path: Path
) -> None:
    for engine, folder in ((warehouse, "alone"), (citus, "spread")):
        world = World(engine, tmp_path / folder)
        world.say_national("2023-07-17 18:30", national(status=99), national(_OTHER, status=98))
        world.run()
        source = world.sources["dvcqg"]
        world.sources["dvcqg"] = replace(source, status_map={**source.status_map, "99": StatusMeaning(4, 4)})
        replayed = replay_quarantine(
            engine, world.archive, world.sources, datetime(2023, 7, 18, tzinfo=VIETNAM)
        )
        assert replayed == Replayed(1, 1, 1, [])
        finish_waiting(engine)
    assert _digests(citus) == _digests(warehouse)


def test_rules_on_what_is_published_find_the_same(citus: Engine, warehouse: Engine, tmp_path: Path) -> None:
    """Of all dossiers, and then of those that changed."""
    together = [
        provincial(f"000.26.33.H01-230717-{n:04}", status=4, ended="2023-07-19 10:00:07") for n in range(12)
    ]
    answers = []
    for engine, folder in ((warehouse, "alone"), (citus, "spread")):
        world = World(engine, tmp_path / folder)
        for moment, rows in (("2023-07-19 18:30", together[:9]), ("2023-07-20 18:30", together[9:])):
            world.say_provincial(moment, *rows)
            world.run()
            with engine.begin() as connection:
                answers.append(
                    (folder, moment, findings_as_published(connection), failing_published(connection))
                )
    assert [each[2:] for each in answers[:2]] == [each[2:] for each in answers[2:]]
    assert answers[3][3]["ended_in_one_second"].count == 12


def _in_nights(landing: Path, nights: int) -> list[list[Path]]:
    """Returns the files in groups of which none is only before another: some come late."""
    files = sorted(file for file in landing.rglob("*") if file.is_file())
    return [files[night::nights] for night in range(nights)]


def _copy(file: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(file, to)


def _digests(engine: Engine) -> dict[str, tuple[int, int]]:
    with engine.connect() as connection:
        return {table: table_digest(connection, table) for table in COMPARED}


def _placed(place: Place) -> set[str]:
    return {table for table, where in PLACES if where is place}
