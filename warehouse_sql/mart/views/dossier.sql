-- grain: one dossier, as known now: all that is asked of one, without a join.
-- What is on time and overdue stands with the dossier; events are read of those alone to which something happens after the last day
-- that is counted. Joins that nothing is asked of go.
create view mart.dossier as
with
-- What an event adds to how a dossier stands. A number for each rule set: 1 finished early or on time, 2 finished late, 4 overdue.
-- The bits are those of core.rule_set, which never change: ii06 1, qd766 2, opencps 4.
weighed as not materialized (
    select
        v.dossier_code,
        v.event_on,
        v.rule_sets,
        v.quantity * case v.kind
            when 'resolved_early' then 1
            when 'resolved_on_time' then 1
            when 'resolved_late' then 2
            when 'became_overdue' then 4
            when 'overdue_cleared' then -4
        end as weight
    from core.fct_dossier_event as v
)

select
    f.dossier_code,
    f.unit_code,
    f.unit_valid_from,
    f.unit_key,
    u.unit_name,
    u.level as unit_level,
    case u.level when 'district' then u.unit_code else d.unit_code end as district_code,
    case u.level when 'district' then u.unit_name else d.unit_name end as district_name,
    coalesce(n.unit_code, u.unit_code) as current_unit_code,
    coalesce(n.unit_name, u.unit_name) as current_unit_name,
    coalesce(not s.is_full, false) as is_unit_divided,
    f.procedure_code,
    f.procedure_key,
    p.procedure_name,
    coalesce(p.field_code, p.field_name, 'x-unknown') as sector_code,
    coalesce(p.field_name, p.field_code, 'Không rõ lĩnh vực') as sector_name,
    f.channel,
    c.channel_name_vi,
    c.is_online,
    f.status,
    t.status_name_vi,
    f.state,
    f.is_counted,
    f.state in ('processing', 'suspended') as is_open,
    f.submitted_at,
    f.received_at,
    cast(f.received_at as date) as received_on,
    r.reporting_month,
    f.first_due_at,
    f.due_at,
    f.ended_at,
    f.returned_at,
    case when f.state in ('resolved', 'withdrawn') then e.working_day_number when f.state in ('processing', 'suspended') then a.working_day_number end - r.working_day_number as working_days_taken,
    case when f.state = 'processing' then g.working_day_number - a.working_day_number end as working_days_left,
    case x.ii06 & 3 when 1 then true when 2 then false end as is_on_time_ii06,
    case x.qd766 & 3 when 1 then true when 2 then false end as is_on_time_qd766,
    case x.opencps & 3 when 1 then true when 2 then false end as is_on_time_opencps,
    coalesce(x.ii06 & 4 <> 0, false) as is_overdue_ii06,
    coalesce(x.qd766 & 4 <> 0, false) as is_overdue_qd766,
    coalesce(x.opencps & 4 <> 0, false) as is_overdue_opencps,
    case when x.ii06 & 3 in (1, 2) then x.resolved_on end as resolved_on_ii06,
    case when f.state = 'suspended' then (select coalesce(max(o.valid_to) filter (where o.state <> 'suspended'), min(o.valid_from)) from core.fct_dossier_span as o where o.dossier_code = f.dossier_code) end as suspended_since,
    case when f.state = 'resolved' and f.status = 9 and f.returned_at is null then f.ended_at end as waiting_for_hand_over_since,
    f.supplement_count,
    f.owes_payment,
    f.is_paid_online,
    f.fee_amount,
    f.is_digitised,
    f.is_answered_electronically,
    f.is_wholly_digitised,
    f.is_identified,
    f.result_by_post,
    f.has_household_book,
    f.has_identity_copy,
    f.portal_disagreements,
    a.date as as_of
from core.dossier_service as f
-- every one of these finds its row: a left join that nothing is asked of costs nothing
left join core.dim_unit as u on f.unit_key = u.unit_key
left join core.dim_procedure as p on f.procedure_key = p.procedure_key
left join core.dim_status as t on f.status = t.status
left join core.dim_channel as c on f.channel = c.channel
left join core.dim_date as a on a.date = (select mart.horizon())
left join core.dim_unit as d on u.parent_code = d.unit_code and u.valid_from = d.valid_from and d.level = 'district'
left join (
    select distinct on (o.old_code) o.old_code, o.new_code, o.is_full
    from core.unit_successor as o
    where o.is_default
    order by o.old_code asc, o.new_code asc
) as s on u.unit_code = s.old_code and u.valid_to < '9999-12-31'
left join core.dim_unit as n on s.new_code = n.unit_code and u.valid_to = n.valid_from
left join core.dim_date as r on cast(f.received_at as date) = r.date
left join core.dim_date as e on cast(f.ended_at as date) = e.date
left join core.dim_date as g on cast(f.due_at as date) = g.date
cross join lateral (select coalesce(f.settled_on, f.resolved_on, '-infinity') <= a.date as is_settled) as k
cross join lateral (
    select
        case
            when k.is_settled
                then case f.is_on_time_ii06 when true then 1 when false then 2 else 0 end + case when f.overdue_from_ii06 <= a.date then 4 else 0 end
            else (
                select cast(sum(w.weight) as integer)
                from weighed as w
                where w.dossier_code = f.dossier_code and w.event_on <= a.date and w.rule_sets & 1 <> 0
            )
        end as ii06,
        case
            when k.is_settled
                then case f.is_on_time_qd766 when true then 1 when false then 2 else 0 end + case when f.overdue_from_qd766 <= a.date then 4 else 0 end
            else (
                select cast(sum(w.weight) as integer)
                from weighed as w
                where w.dossier_code = f.dossier_code and w.event_on <= a.date and w.rule_sets & 2 <> 0
            )
        end as qd766,
        case
            when k.is_settled
                then case f.is_on_time_opencps when true then 1 when false then 2 else 0 end + case when f.overdue_from_opencps <= a.date then 4 else 0 end
            else (
                select cast(sum(w.weight) as integer)
                from weighed as w
                where w.dossier_code = f.dossier_code and w.event_on <= a.date and w.rule_sets & 4 <> 0
            )
        end as opencps,
        case
            when k.is_settled then f.resolved_on
            else (
                select max(w.event_on)
                from weighed as w
                where w.dossier_code = f.dossier_code and w.event_on <= a.date and w.rule_sets & 1 <> 0 and w.weight in (1, 2)
            )
        end as resolved_on
) as x
where f.known_to = 'infinity';

comment on view mart.dossier is
'One flat row per dossier, for people who do not join: grain one dossier over both portals, as known now and as of the last day that is counted (as_of). Forms count those with is_counted. What is on time depends on the rule set, which stands in the name of the column.';
comment on column mart.dossier.unit_code is 'Unit that received it, core.dim_unit with unit_valid_from.';
comment on column mart.dossier.unit_valid_from is 'List of units of the day of reception.';
comment on column mart.dossier.unit_name is 'Name of the unit.';
comment on column mart.dossier.district_code is 'District that the unit belonged to or was, before 1/7/2025; null for units of today''s list.';
comment on column mart.dossier.district_name is 'Name of that district.';
comment on column mart.dossier.current_unit_code is 'Unit of today''s list that took over the unit: itself, if it is still there. Of a divided unit the one to take when one is wanted.';
comment on column mart.dossier.current_unit_name is 'Name of that unit.';
comment on column mart.dossier.is_unit_divided is 'Several units took over parts of the unit: current_unit_code is then an estimate for this dossier.';
comment on column mart.dossier.procedure_code is 'Core of the code of the procedure.';
comment on column mart.dossier.procedure_name is 'Name of the procedure then.';
comment on column mart.dossier.sector_code is 'Sector (lĩnh vực) of the procedure: its code, else its name; x-unknown without either.';
comment on column mart.dossier.sector_name is 'Name of the sector.';
comment on column mart.dossier.channel is 'core.dim_channel; direct where no source states it.';
comment on column mart.dossier.channel_name_vi is 'Official wording of the channel.';
comment on column mart.dossier.is_online is 'Submitted online, as form II.06 counts.';
comment on column mart.dossier.status is 'core.dim_status.';
comment on column mart.dossier.status_name_vi is 'Official wording of the status.';
comment on column mart.dossier.state is 'not_received, processing, suspended, resolved, withdrawn or vanished.';
comment on column mart.dossier.is_open is 'Received and not finished.';
comment on column mart.dossier.received_on is 'Day of reception.';
comment on column mart.dossier.reporting_month is 'First day of the month whose report (15 of the month before to 14) holds the day of reception.';
comment on column mart.dossier.ended_at is 'End of processing, local time; null while open. Timeliness is judged by it.';
comment on column mart.dossier.working_days_taken is 'Working days from the day of reception to that of the end, or to as_of while open; 0 on the same day. Time waited for the applicant is in it.';
comment on column mart.dossier.working_days_left is 'Working days from as_of to the due date; negative when late; null without a due date and while suspended.';
comment on column mart.dossier.is_on_time_ii06 is 'Finished early or on time under the rule set ii06; false: finished late; null: not finished, or not timed by it. Summed by the day of the end, the figures of mart.form_ii06.';
comment on column mart.dossier.is_on_time_qd766 is 'Finished early or on time under the rule set qd766; false: finished late; null: not finished, or not timed by it. Summed by the day of the end, the figures of mart.form_ii06.';
comment on column mart.dossier.is_on_time_opencps is 'Finished early or on time under the rule set opencps; false: finished late; null: not finished, or not timed by it. Summed by the day of the end, the figures of mart.form_ii06.';
comment on column mart.dossier.is_overdue_ii06 is 'Open and overdue on as_of under the rule set ii06.';
comment on column mart.dossier.is_overdue_qd766 is 'Open and overdue on as_of under the rule set qd766.';
comment on column mart.dossier.is_overdue_opencps is 'Open and overdue on as_of under the rule set opencps.';
comment on column mart.dossier.resolved_on_ii06 is 'Day on which form II.06 counts it as resolved; null while it does not.';
comment on column mart.dossier.suspended_since is 'Since when it waits for the applicant or is stopped, local time; null while it does not.';
comment on column mart.dossier.waiting_for_hand_over_since is 'Since when the result is ready and not handed over, local time: the end of processing. Null where it was handed over.';
comment on column mart.dossier.owes_payment is 'A payment is asked for, as indicator 3.6 of QĐ 766/QĐ-TTg counts.';
comment on column mart.dossier.is_paid_online is 'Paid online, as indicator 3.6 counts; null: not stated, or none is asked for.';
comment on column mart.dossier.is_digitised is 'Has digitised papers, as indicator 4.3 counts; null: not stated.';
comment on column mart.dossier.is_answered_electronically is 'Has an electronic result, as indicator 4.1 counts of finished dossiers; null: not stated, or not asked for.';
comment on column mart.dossier.is_wholly_digitised is 'Has digitised papers and an electronic result, as indicator 4.2 counts of finished dossiers; null: not stated.';
comment on column mart.dossier.is_identified is 'Account verified by VNeID, as indicator 4.5b counts; null: not stated.';
comment on column mart.dossier.result_by_post is 'Result returned by post; null: not stated.';
comment on column mart.dossier.has_household_book is 'A household-registration book is among the papers, which may not be asked for any more.';
comment on column mart.dossier.has_identity_copy is 'A copy of CCCD or CMND is among the papers, which may not be asked for any more.';
comment on column mart.dossier.portal_disagreements is 'Where the portals differ: missing_national, missing_provincial, status, due_date.';
comment on column mart.dossier.as_of is 'Last day that is counted, mart.horizon().';
