-- Facts of the touched dossiers anew, and what that changes in the daily flow. Parameters: codes. Needs derived_dossier and
-- derived_stage. The flow changes by the difference of the old and the new events of these dossiers, so the cost is
-- theirs, not that of history. Its tables are dropped at the end: several batches share one transaction.
create temporary table fresh_event as
select
    d.dossier_code,
    r.rule_set,
    e.event_on,
    e.kind,
    e.quantity,
    d.unit_code,
    d.unit_valid_from,
    d.procedure_code,
    d.channel,
    cast(d.received_at as date) as received_on
from derived_dossier as d
cross join core.rule_set as r
cross join lateral core.rule_event(r.rule_set, d.received_at, d.spans, d.limit_due_at) as e
where r.is_stored;

create temporary table flow_change as
select
    c.event_on as date,
    c.unit_code,
    c.unit_valid_from,
    c.procedure_code,
    c.channel,
    c.rule_set,
    coalesce(sum(c.quantity) filter (where c.kind = 'received'), 0) as received,
    coalesce(sum(c.quantity) filter (where c.kind = 'resolved_early'), 0) as resolved_early,
    coalesce(sum(c.quantity) filter (where c.kind = 'resolved_on_time'), 0) as resolved_on_time,
    coalesce(sum(c.quantity) filter (where c.kind = 'resolved_late'), 0) as resolved_late,
    coalesce(sum(c.quantity) filter (where c.kind = 'resolved_untimed'), 0) as resolved_untimed,
    coalesce(sum(c.quantity) filter (where c.kind = 'became_overdue'), 0) as became_overdue,
    coalesce(sum(c.quantity) filter (where c.kind = 'overdue_cleared'), 0) as overdue_cleared
from (
    select event_on, unit_code, unit_valid_from, procedure_code, channel, rule_set, kind, quantity
    from fresh_event
    union all
    select event_on, unit_code, unit_valid_from, procedure_code, channel, rule_set, kind, -quantity
    from core.fct_dossier_event
    where dossier_code = any(:codes)
) as c
group by c.event_on, c.unit_code, c.unit_valid_from, c.procedure_code, c.channel, c.rule_set;

delete from flow_change
where received = 0 and resolved_early = 0 and resolved_on_time = 0 and resolved_late = 0
    and resolved_untimed = 0 and became_overdue = 0 and overdue_cleared = 0;

delete from core.fct_dossier_edit where dossier_code = any(:codes);
delete from core.fct_stage where dossier_code = any(:codes);
delete from core.fct_dossier_event where dossier_code = any(:codes);
delete from core.fct_dossier_span where dossier_code = any(:codes);
delete from core.fct_dossier where dossier_code = any(:codes);

insert into core.fct_dossier (
    dossier_code, unit_code, unit_valid_from, procedure_code, channel, status, state, is_counted, submitted_at,
    received_at, first_due_at, due_at, ended_at, returned_at, refused_at, vanished_at, supplement_count, limit_value, limit_unit, limit_due_at,
    payment_online, fee_amount, is_digitised, is_identified, has_electronic_result, has_household_book,
    has_identity_copy, result_by_post, province_status, province_said_at, national_status, national_said_at, portal_disagreements,
    last_step_at, last_step_status, flags
)
select
    dossier_code, unit_code, unit_valid_from, procedure_code, channel, status, state, is_counted, submitted_at,
    received_at, first_due_at, due_at, ended_at, returned_at, refused_at, vanished_at, supplement_count, limit_value, limit_unit, limit_due_at,
    payment_online, fee_amount, is_digitised, is_identified, has_electronic_result, has_household_book,
    has_identity_copy, result_by_post, province_status, province_said_at, national_status, national_said_at, portal_disagreements,
    last_step_at, last_step_status, flags
from derived_dossier;

insert into core.fct_dossier_span (dossier_code, span_number, valid_from, valid_to, status, state, due_at)
select d.dossier_code, x.span_number, x.valid_from, x.valid_to, x.status, x.state, x.due_at
from derived_dossier as d
cross join lateral unnest(d.spans) with ordinality as x (valid_from, valid_to, status, state, due_at, span_number);

insert into core.fct_dossier_event (
    dossier_code, rule_set, event_on, kind, quantity, unit_code, unit_valid_from, procedure_code, channel, received_on
)
select
    dossier_code, rule_set, event_on, kind, quantity, unit_code, unit_valid_from, procedure_code, channel, received_on
from fresh_event;

insert into core.fct_stage (
    dossier_code, stage_number, unit_code, unit_valid_from, procedure_code, received_on, status, department, began_at,
    until_at, is_ended, working_minutes, began_working_minute
)
select
    dossier_code, stage_number, unit_code, unit_valid_from, procedure_code, received_on, status, department, began_at,
    until_at, is_ended, working_minutes, began_working_minute
from derived_stage;

insert into core.fct_dossier_edit (
    dossier_code, source, kind, old_value, new_value, old_status, new_status, last_seen_before, first_seen_at, state_at,
    state_rank, file_rank
)
select
    dossier_code, source, kind, old_value, new_value, old_status, new_status, last_seen_before, first_seen_at, state_at,
    state_rank, file_rank
from history.edit(:codes, 'infinity');

insert into mart.daily_flow as f (
    date, unit_code, unit_valid_from, procedure_code, channel, rule_set, received, resolved_early, resolved_on_time,
    resolved_late, resolved_untimed, became_overdue, overdue_cleared
)
select
    date, unit_code, unit_valid_from, procedure_code, channel, rule_set, received, resolved_early, resolved_on_time,
    resolved_late, resolved_untimed, became_overdue, overdue_cleared
from flow_change
on conflict (unit_code, unit_valid_from, rule_set, procedure_code, channel, date) do update set
    received = f.received + excluded.received,
    resolved_early = f.resolved_early + excluded.resolved_early,
    resolved_on_time = f.resolved_on_time + excluded.resolved_on_time,
    resolved_late = f.resolved_late + excluded.resolved_late,
    resolved_untimed = f.resolved_untimed + excluded.resolved_untimed,
    became_overdue = f.became_overdue + excluded.became_overdue,
    overdue_cleared = f.overdue_cleared + excluded.overdue_cleared;

delete from mart.daily_flow as f
using flow_change as c
where (f.unit_code, f.unit_valid_from, f.rule_set, f.procedure_code, f.channel, f.date)
    = (c.unit_code, c.unit_valid_from, c.rule_set, c.procedure_code, c.channel, c.date)
    and f.received = 0 and f.resolved_early = 0 and f.resolved_on_time = 0 and f.resolved_late = 0
    and f.resolved_untimed = 0 and f.became_overdue = 0 and f.overdue_cleared = 0;

insert into mart.touched_cell as t (unit_code, unit_valid_from, procedure_code, channel, rule_set, date_from)
select unit_code, unit_valid_from, procedure_code, channel, rule_set, min(date)
from flow_change
group by unit_code, unit_valid_from, procedure_code, channel, rule_set
on conflict (unit_code, unit_valid_from, rule_set, procedure_code, channel)
do update set date_from = least(t.date_from, excluded.date_from);

delete from history.touched_dossier where dossier_code = any(:codes);

drop table derived_dossier, derived_stage, fresh_event, flow_change;
