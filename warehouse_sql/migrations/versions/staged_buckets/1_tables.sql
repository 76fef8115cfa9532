-- grain: one bucket of dossiers of one fold
create unlogged table core.staged_bucket (
    run_no bigint not null,
    bucket integer not null,
    primary key (run_no, bucket)
);
comment on table core.staged_bucket is
'Buckets of dossiers that a fold has written to core.staged_fct_*: one row per fold and bucket; empty between runs.';
comment on column core.staged_bucket.run_no is 'Which fold.';
comment on column core.staged_bucket.bucket is 'Which dossiers, folded together.';

-- grain: one staged row and one flag of it
create unlogged table landing.staged_flag (
    rule_id text not null,
    staged_id integer not null,
    primary key (rule_id, staged_id)
);
comment on table landing.staged_flag is
'Rules that flag staged rows (landing.staged_row.flags), by rule, so that the audit finds the rows of a rule without reading all: emptied when a run begins.';
comment on column landing.staged_flag.rule_id is 'Rule of the catalogue.';
comment on column landing.staged_flag.staged_id is 'landing.staged_row.';

-- Flags are looked up by rule.
drop index landing.staged_row_staged_id_idx;
