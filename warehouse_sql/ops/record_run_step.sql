-- grain: one step of a run that has ended; returns where the log of the server (WAL) then ends.
-- Parameters: run_id, step, started_at, seconds, status, row_count, peak_memory_bytes, wal_before.
with of_run as (
    update ops.run
    set peak_memory_bytes = greatest(peak_memory_bytes, cast(:peak_memory_bytes as bigint))
    where run_id = :run_id
)

insert into ops.run_step (
    run_id, step, started_at, seconds, status, row_count, written_bytes, peak_memory_bytes
)
values (
    :run_id,
    :step,
    :started_at,
    :seconds,
    :status,
    :row_count,
    pg_wal_lsn_diff(pg_current_wal_insert_lsn(), cast(:wal_before as pg_lsn)),
    :peak_memory_bytes
)
-- tried again, a step counts as it ended at last
on conflict (run_id, step) do update set
    started_at = excluded.started_at,
    seconds = excluded.seconds,
    status = excluded.status,
    row_count = excluded.row_count,
    written_bytes = excluded.written_bytes,
    peak_memory_bytes = excluded.peak_memory_bytes
returning cast(pg_current_wal_insert_lsn() as text) as wal_position;
