-- grain: one dossier that was received before a moment and received or finished since the first day of a period, as it stood at that
-- moment, known at another. Finished: resolved (9, 10) then, since a day of the period. What exports never said is null.
-- In SQL, so that whoever counts these dossiers has it planned into its own statement: a million of them are kept nowhere in between.
create function core.dossier_in_period(date_from date, cut_off timestamp, known_at timestamptz)
returns table (
    dossier_code text,
    unit_key bigint,
    unit_code text,
    unit_valid_from date,
    procedure_key bigint,
    channel smallint,
    received_at timestamp,
    is_received boolean,
    is_finished boolean,
    resolved_at timestamp,
    processing_days numeric,
    is_fully_online boolean,
    owes_payment boolean,
    is_paid_online boolean,
    owes_electronic_result boolean,
    is_answered_electronically boolean,
    is_wholly_digitised boolean,
    is_digitised boolean,
    is_identified boolean,
    is_online boolean,
    is_fee_bearing boolean,
    gives_paper_result boolean,
    has_household_book boolean,
    has_identity_copy boolean
)
language sql stable parallel safe
as $$
-- Most were resolved for good without having waited: nothing of their spans is needed.
select
    d.dossier_code, d.unit_key, d.unit_code, d.unit_valid_from, d.procedure_key, d.channel, d.received_at,
    d.received_at >= dossier_in_period.date_from, d.ended_at >= dossier_in_period.date_from, d.ended_at,
    case when d.ended_at >= dossier_in_period.date_from then (extract(epoch from d.ended_at - d.received_at) / 86400)::numeric end,
    d.is_fully_online, d.owes_payment, d.is_paid_online, d.owes_electronic_result, d.is_answered_electronically,
    d.is_wholly_digitised, d.is_digitised, d.is_identified, d.is_online, d.is_fee_bearing, d.gives_paper_result,
    d.has_household_book, d.has_identity_copy
from core.dossier_service as d
where d.is_counted and d.received_at < dossier_in_period.cut_off
    and d.state = 'resolved' and d.ended_at < dossier_in_period.cut_off and d.supplement_count = 0
    and (d.received_at >= dossier_in_period.date_from or d.ended_at >= dossier_in_period.date_from)
    and d.known_from <= dossier_in_period.known_at
    and (d.known_to = 'infinity' or d.known_to > dossier_in_period.known_at)
union all
select
    d.dossier_code, d.unit_key, d.unit_code, d.unit_valid_from, d.procedure_key, d.channel, d.received_at,
    s.is_received, s.is_finished, l.resolved_at,
    case when s.is_finished then (extract(epoch from l.resolved_at - d.received_at - l.waited) / 86400)::numeric end,
    d.is_fully_online, d.owes_payment, d.is_paid_online, d.owes_electronic_result, d.is_answered_electronically,
    d.is_wholly_digitised, d.is_digitised, d.is_identified, d.is_online, d.is_fee_bearing, d.gives_paper_result,
    d.has_household_book, d.has_identity_copy
from core.dossier_service as d
cross join lateral (
    select
        max(s.state) filter (where s.valid_to >= dossier_in_period.cut_off) as state_then,
        -- Resolved since the last stretch that is not: a due date may still change after it.
        coalesce(max(s.valid_to) filter (where s.state <> 'resolved'), min(s.valid_from)) as resolved_at,
        coalesce(
            sum(s.valid_to - s.valid_from) filter (where s.status = 5 and s.valid_to < dossier_in_period.cut_off), '0'
        ) as waited
    from core.span_as_known(dossier_in_period.known_at) as s
    where s.dossier_code = d.dossier_code and s.valid_from < dossier_in_period.cut_off
) as l
cross join lateral (
    select
        d.received_at >= dossier_in_period.date_from and l.state_then <> 'vanished' as is_received,
        l.state_then = 'resolved' and l.resolved_at >= dossier_in_period.date_from as is_finished
) as s
where d.is_counted and d.received_at < dossier_in_period.cut_off
    and (d.state <> 'resolved' or d.ended_at is null or d.ended_at >= dossier_in_period.cut_off or d.supplement_count <> 0)
    -- an end before the period cannot be one in it
    and (d.received_at >= dossier_in_period.date_from or d.ended_at is null or d.ended_at >= dossier_in_period.date_from)
    and d.known_from <= dossier_in_period.known_at
    and (d.known_to = 'infinity' or d.known_to > dossier_in_period.known_at)
    and (s.is_received or s.is_finished)
$$;

comment on function core.dossier_in_period(date, timestamp, timestamptz) is
'core.indicator_dossier of a period that ends before a moment, whether or not exports reach so far: for statements that know how far they reach.';
