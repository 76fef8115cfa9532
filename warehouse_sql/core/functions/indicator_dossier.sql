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
    cut_off timestamp := least(indicator_dossier.date_to, landing.horizon(least(indicator_dossier.known_at, landing.known_through()))) + 1;
begin
    return query
    select d.*
    from core.dossier_in_period(indicator_dossier.date_from, cut_off, indicator_dossier.known_at) as d;
end
$$;

comment on function core.indicator_dossier(date, date, timestamptz) is
'Dossiers received or finished in a period, with what indicators ask of each (core.dossier_service), as they stood at its end and known at a moment; null is what no export said.';
