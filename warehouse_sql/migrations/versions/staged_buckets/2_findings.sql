-- grain: one dossier and field that fails one rule on what is published
create table ops.published_finding (
    rule_id text not null,
    dossier_code text not null,
    field text not null,
    value text
);
create index on ops.published_finding (rule_id);
create index on ops.published_finding (dossier_code);
comment on table ops.published_finding is
'Dossiers that fail a rule on what is published, as each was last looked at: a run looks at those whose facts changed, the first run of a week and motcua warehouse check at all.';
comment on column ops.published_finding.rule_id is 'Rule of the catalogue.';
comment on column ops.published_finding.dossier_code is 'Dossier code.';
comment on column ops.published_finding.field is 'The field at fault.';
comment on column ops.published_finding.value is 'What stands there.';

-- grain: one dossier
create table ops.unchecked_dossier (dossier_code text primary key);
comment on table ops.unchecked_dossier is
'Dossiers whose facts changed since the rules on what is published last looked: emptied by the next look.';
comment on column ops.unchecked_dossier.dossier_code is 'Dossier code.';
delete from ops.setting where name = 'kept_findings';
