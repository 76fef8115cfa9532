-- grain: one dossier that was received or finished in a period, as it stood at the period's end, known at a moment.
-- Finished: resolved (9, 10) when the period ended, since a day of it. What exports never said is null.
create function core.indicator_dossier(date_from date, date_to date, known_at timestamptz)
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
language plpgsql stable parallel safe
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    cutoff timestamp := least(indicator_dossier.date_to, landing.horizon(indicator_dossier.known_at)) + 1;
begin
    return query
    with
    -- Of many dossiers, what is kept for the second look at them is what is asked for, not the whole row.
    dossier as materialized (
        select
            d.dossier_code, d.unit_key, d.unit_code, d.unit_valid_from, d.procedure_key, d.channel, d.received_at, d.is_fully_online,
            d.owes_payment, d.is_paid_online, d.owes_electronic_result, d.is_answered_electronically, d.is_wholly_digitised,
            d.is_digitised, d.is_identified, d.is_online, d.is_fee_bearing, d.gives_paper_result, d.has_household_book,
            d.has_identity_copy, d.ended_at,
            -- Most were resolved for good without having waited: then nothing of their spans is needed.
            d.state = 'resolved' and d.ended_at < cutoff and d.supplement_count = 0 as is_plain
        from core.dossier_service as d
        where d.is_counted and d.received_at < cutoff
            -- an end before the period cannot be one in it
            and (d.received_at >= indicator_dossier.date_from or d.ended_at is null or d.ended_at >= indicator_dossier.date_from)
            and d.known_from <= indicator_dossier.known_at
            and (d.known_to = 'infinity' or d.known_to > indicator_dossier.known_at)
    ),

    life as (
        select d.dossier_code, l.state_then, l.resolved_at, l.waited
        from dossier as d
        cross join lateral (
            select
                max(s.state) filter (where s.valid_to >= cutoff) as state_then,
                -- Resolved since the last stretch that is not: a due date may still change after it.
                coalesce(max(s.valid_to) filter (where s.state <> 'resolved'), min(s.valid_from)) as resolved_at,
                coalesce(sum(s.valid_to - s.valid_from) filter (where s.status = 5 and s.valid_to < cutoff), '0') as waited
            from core.span_as_known(indicator_dossier.known_at) as s
            where s.dossier_code = d.dossier_code and s.valid_from < cutoff
        ) as l
        where not d.is_plain
    )

    select
        t.dossier_code, t.unit_key, t.unit_code, t.unit_valid_from, t.procedure_key, t.channel, t.received_at,
        t.is_received, t.is_finished, t.resolved_at,
        case when t.is_finished then (extract(epoch from t.resolved_at - t.received_at - t.waited) / 86400)::numeric end,
        t.is_fully_online, t.owes_payment, t.is_paid_online, t.owes_electronic_result, t.is_answered_electronically,
        t.is_wholly_digitised, t.is_digitised, t.is_identified, t.is_online, t.is_fee_bearing, t.gives_paper_result,
        t.has_household_book, t.has_identity_copy
    from (
        select
            d.*,
            case when d.is_plain then d.ended_at else l.resolved_at end as resolved_at,
            case when d.is_plain then interval '0' else l.waited end as waited,
            d.received_at >= indicator_dossier.date_from and (d.is_plain or l.state_then <> 'vanished') as is_received,
            (d.is_plain or l.state_then = 'resolved')
            and case when d.is_plain then d.ended_at else l.resolved_at end >= indicator_dossier.date_from as is_finished
        from dossier as d
        left join life as l on d.dossier_code = l.dossier_code
    ) as t
    where t.is_received or t.is_finished;
end
$$;

comment on function core.indicator_dossier(date, date, timestamptz) is
'Dossiers received or finished in a period, with what indicators ask of each (core.dossier_service), as they stood at its end and known at a moment; null is what no export said.';
