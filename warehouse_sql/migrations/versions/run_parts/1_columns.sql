alter table ops.run_step
add column part_count integer,
add column worker_seconds double precision;

comment on table ops.run_step is
'Steps of runs: grain one step of one run of the daily job, or the parts of one that workers did (read_files, fold_buckets). Steps that a failure kept from starting, and those that were killed, have no row.';
comment on column ops.run_step.step is
'Name of the step, as Dagster shows it; read_files and fold_buckets: parts that workers did.';
comment on column ops.run_step.seconds is
'How long it took; of parts that workers did, from handing them out until the last came back.';
comment on column ops.run_step.row_count is
'take_in_exports and read_files: rows read from files; derive_facts and fold_buckets: dossiers derived; null for steps that count no rows.';
comment on column ops.run_step.written_bytes is
'Bytes that the server wrote to its log (WAL) meanwhile, for whomever; unlogged staging is not in it. Null for parts that workers did: their bytes are counted with the step.';
comment on column ops.run_step.peak_memory_bytes is
'The most memory that the process of the run, or one of the workers, held during the step, without the PostgreSQL server; where the system does not let it be measured by step, since the process began.';
comment on column ops.run_step.part_count is
'Parts that workers did to the end; null for the steps of the run itself.';
comment on column ops.run_step.worker_seconds is
'How long workers worked on these parts, all together; null for the steps of the run itself.';
