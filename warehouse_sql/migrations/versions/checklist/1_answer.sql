-- grain: one answer, as it was recorded; the last one recorded of an inspection, unit and item is in force
create table ops.inspection_answer (
    answer_id integer generated always as identity primary key,
    inspection text not null check (inspection <> ''),
    unit_code text not null,
    unit_valid_from date not null,
    item text not null check (item <> ''),
    answer text not null check (answer in ('yes', 'partly', 'no')),
    note text,
    answered_on date not null,
    recorded_at timestamptz not null default now()
);
comment on table ops.inspection_answer is
'What inspections answered to the checklist of what no export tells: grain one answer as it was recorded; the last of an inspection, unit and item is in force. Stated by people (motcua findings check), not by exports: a rebuild leaves it as it is.';
comment on column ops.inspection_answer.answer_id is 'Number of the answer.';
comment on column ops.inspection_answer.inspection is 'The inspection, as its decision names it.';
comment on column ops.inspection_answer.unit_code is 'Unit, core.dim_unit, with unit_valid_from; all for all units together.';
comment on column ops.inspection_answer.unit_valid_from is 'List of the unit; 1900-01-01 for all.';
comment on column ops.inspection_answer.item is 'Item of the checklist (motcua findings check shows them).';
comment on column ops.inspection_answer.answer is 'yes, partly or no: whether what the item asks for is in order.';
comment on column ops.inspection_answer.note is 'What was seen.';
comment on column ops.inspection_answer.answered_on is 'Day of the answer; inspections of a unit follow each other by their first one.';
comment on column ops.inspection_answer.recorded_at is 'When it was recorded: reports of an earlier moment of knowledge do not show it.';
