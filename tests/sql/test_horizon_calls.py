"""Values that are the same for a whole answer are looked up once and not for every row: the last day counted, the bit of a
rule set.
"""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, Engine, text

from tests.sql.test_rows_of_units import FUNCTIONS, relations
from tests.worlds import World

pytestmark = pytest.mark.both_servers
_LOOKED_UP = ("landing.horizon(timestamptz)", "landing.known_through()", "core.rule_set_bit(text)")
#: A question may ask for several figures, each of which looks them up once.
_MOST = 12


def _calls(connection: Connection) -> list[int]:
    return [
        connection.execute(
            text("select coalesce(pg_stat_get_xact_function_calls(cast(:name as regprocedure)), 0)"),
            {"name": name},
        ).scalar_one()
        for name in _LOOKED_UP
    ]


def _questions(engine: Engine) -> dict[str, str]:
    period = "'2023-01-01', '2025-12-31'"
    measures = "array['resolved_late_direct', 'overdue_open_direct', 'prohibited_papers', 'prohibited_share', 'online_share']"
    return {
        **{name: f"mart.{name}{arguments}" for name, arguments in FUNCTIONS.items() if arguments},
        **{name: f"mart.{name}" for name in relations(engine)},
        "form_by_part": f"mart.form_by_part('unit', {period})",
        "unit_ranking": f"mart.unit_ranking('2.1', {period})",
        "measures of findings": f"mart.measure_as_known({measures}, {period}, 'infinity')",
    }


def test_no_row_looks_up_what_is_the_same_for_all(july: World) -> None:
    too_often = {}
    with july.engine.begin() as connection:
        dossiers = connection.execute(text("select count(*) from core.fct_dossier")).scalar_one()
        months = connection.execute(text("select count(*) from mart.timeliness_count")).scalar_one()
        connection.execute(text("set local track_functions = 'all'"))
        for name, question in _questions(july.engine).items():
            before = _calls(connection)
            connection.execute(text(f"select * from {question}"))
            made = [after - already for after, already in zip(_calls(connection), before, strict=True)]
            if max(made) > _MOST:
                too_often[name] = dict(zip(_LOOKED_UP, made, strict=True))
    assert min(dossiers, months) > 10 * _MOST
    assert not too_often
