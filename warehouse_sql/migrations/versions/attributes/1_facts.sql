-- Whether the result is returned by post, among the facts; nothing ever said that a step was made up.
alter table landing.staged_row drop column is_synthetic;
alter table core.fct_dossier add column result_by_post boolean;
comment on column core.fct_dossier.result_by_post is 'Result returned by post.';

-- One meaning wherever the attribute stands.
comment on column history.dossier_version.limit_value is 'Time limit of the procedure, as the source says.';
comment on column core.fct_dossier.limit_value is 'Time limit of the procedure, as the source says.';

-- Of a warehouse that is older than this fact.
insert into history.touched_dossier (dossier_code)
select f.dossier_code from core.fct_dossier as f
on conflict do nothing;
