"""The gate and the audit on a million staged rows: `python -m tests.bench gate`."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text

from assets.dimensions.load import load_reference, resolve_new_names
from assets.sources.sources import load_sources
from quality.audit import audit_staged
from quality.catalogue import staged_rules
from quality.gate import judge
from warehouse_sql.embedded import embedded_url, stop_embedded
from warehouse_sql.engine import open_engine
from warehouse_sql.migrate import migrate

_ROWS = 1_000_000
# Codes, instants and gaps as exports have them; one row in fifty has no due date, one in five hundred a bad code.
_STAGE = """
insert into landing.staged_row (
    staged_id, file_no, kind, source, exported_at, row_number, dossier_code, status_raw, status, channel,
    procedure_code, procedure_name, unit_name, submitted_at, received_at, due_at, ended_at, returned_at, fee_amount,
    payment_online
)
select
    n, n / 20000, 'dossiers', 'dvcqg', '2023-07-31 18:30', n % 20000 + 1,
    case
        when n % 500 = 0 then 'HS/' || n
        else format(
            '000.26.%s.H01-2307%s-%s',
            lpad((n / 9000 % 100)::text, 2, '0'), 17 + n / 900000, lpad((n % 9000)::text, 4, '0')
        )
    end,
    '10', 10, 1, '1.001193.000.00.00.H01', 'Đăng ký khai sinh', 'UBND phường Thới Sơn',
    '2023-07-17 08:00'::timestamp + n % 400 * interval '1 minute',
    '2023-07-17 08:05'::timestamp + n % 400 * interval '1 minute',
    case when n % 50 <> 0 then '2023-07-19 08:05'::timestamp + n % 400 * interval '1 minute' end,
    '2023-07-18 08:05'::timestamp + n % 400 * interval '1 minute', '2023-07-19 08:00', 0, 0
from generate_series(1, :rows) as n
"""


def gate(home: Path) -> None:
    """Seconds of the gate (rules and duplicates), of importing Great Expectations and of its audit."""
    home.mkdir(parents=True, exist_ok=True)
    engine = open_engine(embedded_url(home))
    try:
        migrate(engine)
        with engine.begin() as connection:
            load_reference(connection, load_sources())
            connection.execute(text(_STAGE), {"rows": _ROWS})
            connection.execute(text("analyze landing.staged_row"))
            resolve_new_names(connection)
            judged = _timed(lambda: judge(connection))
        imported = _timed(_import)
        audited = _timed(lambda: audit_staged(engine, {}))
        with engine.connect() as connection:
            refused, flagged = connection.execute(
                text(
                    "select count(*) filter (where verdict = 'quarantined'), count(*) filter (where flags <> '{}')"
                    " from landing.staged_row"
                )
            ).one()
    finally:
        engine.dispose()
        stop_embedded(home)
    total = judged + audited
    print(
        f"gate: {_ROWS} staged rows, {len(staged_rules('reject', 'flag', 'block'))} rules on them: gate {judged:.1f} s,"
        f" audit {audited:.1f} s ({100 * audited / total:.0f} % of {total:.1f} s), import of Great Expectations"
        f" {imported:.1f} s besides; {refused} refused, {flagged} flagged",
        flush=True,
    )


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _import() -> None:
    import great_expectations

    assert great_expectations.__version__
