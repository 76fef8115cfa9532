-- grain: the parts of one step of a run that workers did; what the server wrote meanwhile is counted with that step.
-- Parameters: run_id, step, started_at, seconds, status, part_count, worker_seconds, row_count, peak_memory_bytes.
insert into ops.run_step (
    run_id, step, started_at, seconds, status, part_count, worker_seconds, row_count, peak_memory_bytes
)
values (
    :run_id,
    :step,
    :started_at,
    :seconds,
    :status,
    :part_count,
    :worker_seconds,
    :row_count,
    :peak_memory_bytes
)
-- tried again, parts count as they ended at last
on conflict (run_id, step) do update set
    started_at = excluded.started_at,
    seconds = excluded.seconds,
    status = excluded.status,
    part_count = excluded.part_count,
    worker_seconds = excluded.worker_seconds,
    row_count = excluded.row_count,
    peak_memory_bytes = excluded.peak_memory_bytes;
