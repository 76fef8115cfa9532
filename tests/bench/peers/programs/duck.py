"""DuckDB: the latest state of each dossier and the daily flow as Parquet, and form II.06 out of it.

python duck.py make WORK_FOLDER LIST ...
python duck.py form WORK_FOLDER FIRST_DAY LAST_DAY    # prints the form and the seconds it takes
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import duckdb

_RUNS = 5
# The total below a list has fewer cells: it is left out as an error. (Padded with nulls, a list of a million takes 12 GB.)
_STATE = """
copy (
    with statement as (
        select
            "Mã hồ sơ" as code, regexp_replace("Đơn vị tiếp nhận", '^UBND ', '') as unit, "Lĩnh vực" as sector,
            "Trạng thái" as status, strptime("Ngày nhận", '%d/%m/%Y %H:%M:%S') as received_at,
            strptime("Ngày hẹn trả", '%d/%m/%Y %H:%M:%S') as due_at,
            strptime("Ngày kết thúc xử lý", '%d/%m/%Y %H:%M:%S') as ended_at,
            strptime(regexp_extract(filename, '_(\\d{4}_\\d\\d_\\d\\d_\\d\\d_\\d\\d)\\.csv$', 1), '%Y_%m_%d_%H_%M')
                as exported_at
        from read_csv(
            $files, delim = ';', skip = 4, header = true, all_varchar = true, filename = true, quote = '',
            ignore_errors = true
        )
        where "Mã hồ sơ" like '%-%'
    )
    select * replace (
        case
            when status = 'Công dân yêu cầu rút hồ sơ' then 'withdrawn'
            when status in ('Đã xử lý xong', 'Đã trả kết quả') then 'resolved'
            when status in ('Yêu cầu bổ sung giấy tờ', 'Yêu cầu thực hiện nghĩa vụ tài chính', 'Dừng xử lý')
                then 'suspended'
            else 'processing'
        end as status
    )
    from (select * from statement qualify row_number() over (partition by code order by exported_at desc) = 1)
    where status not in ('Mới đăng ký', 'Không được tiếp nhận')
) to '{state}' (format parquet)
"""
_FLOW = """
copy (
    with state as (
        select
            *, due_at::date + 1 as overdue_on,
            case status when 'processing' then null when 'suspended' then exported_at else ended_at end::date as until
        from '{state}'
    ),
    event as (
        select unit, sector, received_at::date as event_on, 'received' as kind from state
        union all
        select
            unit, sector, ended_at::date,
            case
                when status = 'withdrawn' or due_at is null or ended_at::date = due_at::date then 'on_time'
                when ended_at::date < due_at::date then 'early'
                else 'late'
            end
        from state where status in ('resolved', 'withdrawn')
        union all
        select unit, sector, overdue_on, 'became_overdue' from state where until is null or overdue_on <= until
        union all
        select unit, sector, until, 'overdue_cleared' from state where overdue_on <= until
    )
    select
        event_on, unit, sector,
        count(*) filter (where kind = 'received') as received,
        count(*) filter (where kind = 'early') as early,
        count(*) filter (where kind = 'on_time') as on_time,
        count(*) filter (where kind = 'late') as late,
        count(*) filter (where kind = 'became_overdue') - count(*) filter (where kind = 'overdue_cleared') as overdue
    from event where event_on is not null group by all
) to '{flow}' (format parquet)
"""
_FORM = """
select
    unit,
    sum(received) filter (where event_on >= $first)::bigint as received,
    coalesce(sum(early) filter (where event_on >= $first), 0)::bigint as early,
    coalesce(sum(on_time) filter (where event_on >= $first), 0)::bigint as on_time,
    coalesce(sum(late) filter (where event_on >= $first), 0)::bigint as late,
    sum(received - early - on_time - late)::bigint as pending,
    sum(overdue)::bigint as overdue
from '{flow}' where event_on <= $last group by unit order by unit
"""


def make(folder: Path, files: list[str]) -> None:
    """Writes state.parquet and flow.parquet."""
    names = {"state": folder / "state.parquet", "flow": folder / "flow.parquet"}
    duckdb.execute(_STATE.replace("{state}", str(names["state"])), {"files": files})
    duckdb.execute(_FLOW.format_map(names))


def form(folder: Path, first: str, last: str) -> None:
    """Prints the form of the period as JSON, with the median seconds of some runs."""
    query = _FORM.replace("{flow}", str(folder / "flow.parquet"))
    seconds = []
    for _ in range(_RUNS):
        began = time.perf_counter()
        answer = duckdb.execute(query, {"first": first, "last": last})
        rows = answer.fetchall()
        seconds.append(time.perf_counter() - began)
    columns = [each[0] for each in answer.description]
    listed = [dict(zip(columns, row, strict=True)) for row in rows]
    print(json.dumps({"seconds": sorted(seconds)[_RUNS // 2], "form": listed}, ensure_ascii=False))


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]), sys.argv[3:])
    else:
        form(Path(sys.argv[2]), sys.argv[3], sys.argv[4])
