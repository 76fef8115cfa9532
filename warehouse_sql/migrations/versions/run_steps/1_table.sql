alter table ops.run
add column rows_read bigint,
add column bytes_read bigint,
add column peak_memory_bytes bigint;

comment on column ops.run.rows_read is 'Rows of the files taken in; null while running, and in runs of versions before 0.2.';
comment on column ops.run.bytes_read is 'Bytes of the files taken in; null while running, and in runs of versions before 0.2.';
comment on column ops.run.peak_memory_bytes is
'The most memory that the process of the run held in one of its steps, without the PostgreSQL server; null before the first step ended.';

create table ops.run_step (
    run_id bigint not null references ops.run on delete cascade,
    step text not null,
    started_at timestamptz not null,
    seconds double precision not null check (seconds >= 0),
    status text not null check (status in ('success', 'failed')),
    row_count bigint,
    written_bytes bigint,
    peak_memory_bytes bigint,
    primary key (run_id, step)
);
comment on table ops.run_step is
'Steps of runs: grain one step of one run of the daily job. Steps that a failure kept from starting, and those that were killed, have no row.';
comment on column ops.run_step.run_id is 'The run: ops.run.';
comment on column ops.run_step.step is 'Name of the step, as Dagster shows it.';
comment on column ops.run_step.started_at is 'Start.';
comment on column ops.run_step.seconds is 'How long it took.';
comment on column ops.run_step.status is 'success or failed.';
comment on column ops.run_step.row_count is
'take_in_exports: rows read from files; derive_facts: dossiers derived; null for steps that count no rows.';
comment on column ops.run_step.written_bytes is
'Bytes that the server wrote to its log (WAL) meanwhile, for whomever; unlogged staging is not in it.';
comment on column ops.run_step.peak_memory_bytes is
'The most memory that the process of the run held during the step, without the PostgreSQL server; where the system does not let it be measured by step, since the process began.';
