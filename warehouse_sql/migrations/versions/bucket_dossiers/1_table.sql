-- grain: one dossier of one fold
create unlogged table core.bucket_dossier (
    run_no bigint not null,
    bucket integer not null,
    dossier_code text not null,
    primary key (run_no, bucket, dossier_code)
);
comment on table core.bucket_dossier is
'Which dossiers a fold works on, in buckets that are folded together, here or by workers elsewhere: one row per dossier, empty between runs.';
comment on column core.bucket_dossier.run_no is 'Which fold.';
comment on column core.bucket_dossier.bucket is 'Which bucket of it.';
comment on column core.bucket_dossier.dossier_code is 'Dossier code.';
