-- grain: one unit and figure of form II.06 in one issue of a report
create table mart.issued_form (
    report_id text not null,
    date_from date not null,
    date_to date not null,
    rule_set text not null,
    known_through timestamptz not null,
    unit_code text not null,
    unit_valid_from date not null,
    figure text not null,
    quantity bigint not null,
    issued_at timestamptz not null,
    primary key (report_id, unit_code, unit_valid_from, figure)
);
create index on mart.issued_form (date_from, date_to, rule_set, known_through);
comment on table mart.issued_form is
'Form II.06 of all units as it was when a report was first issued: grain one unit and figure of one issue; figures of nought are left out. Forms are read with today''s aliases, calendar, catalogue and program at every moment of knowledge; mart.form_diff names what that changes new_reading. Made by people''s asking, not by exports: a rebuild leaves it as it is.';
comment on column mart.issued_form.report_id is 'ops.report_issue.';
comment on column mart.issued_form.date_from is 'First day of the period.';
comment on column mart.issued_form.date_to is 'Last day of the period, included.';
comment on column mart.issued_form.rule_set is 'Rule set of the figures, core.rule_set.';
comment on column mart.issued_form.known_through is 'Arrival of the last file that was known.';
comment on column mart.issued_form.unit_code is 'core.dim_unit.';
comment on column mart.issued_form.unit_valid_from is 'core.dim_unit.';
comment on column mart.issued_form.figure is 'A column of mart.form_ii06.';
comment on column mart.issued_form.quantity is 'Dossiers.';
comment on column mart.issued_form.issued_at is 'When the report was first issued.';
