-- grain: one dossier as known at a moment: derived anew where something became known since, else as it stands.
create function core.dossier_as_known(known_at timestamptz)
returns table (
    dossier_code text,
    unit_code text,
    unit_valid_from date,
    channel smallint,
    state text,
    received_at timestamp,
    due_at timestamp,
    ended_at timestamp,
    portal_disagreements text [],
    spans core.life_span [],
    limit_due_at timestamp,
    procedure_code text,
    status smallint,
    is_counted boolean,
    vanished_at timestamp,
    payment_online smallint,
    is_digitised boolean,
    is_identified boolean,
    has_electronic_result boolean,
    has_household_book boolean,
    has_identity_copy boolean
)
language plpgsql stable
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    codes text [] := core.changed_since(dossier_as_known.known_at);
begin
    return query
    select
        d.dossier_code, d.unit_code, d.unit_valid_from, d.channel, d.state, d.received_at, d.due_at, d.ended_at,
        d.portal_disagreements, d.spans, d.limit_due_at,
        d.procedure_code, d.status, d.is_counted, d.vanished_at, d.payment_online, d.is_digitised,
        d.is_identified, d.has_electronic_result, d.has_household_book, d.has_identity_copy
    from core.derive_dossier(codes, dossier_as_known.known_at) as d
    where codes is null or codes <> '{}'
    union all
    select
        f.dossier_code, f.unit_code, f.unit_valid_from, f.channel, f.state, f.received_at, f.due_at, f.ended_at,
        f.portal_disagreements, s.spans, f.limit_due_at,
        f.procedure_code, f.status, f.is_counted, f.vanished_at, f.payment_online, f.is_digitised,
        f.is_identified, f.has_electronic_result, f.has_household_book, f.has_identity_copy
    from core.fct_dossier as f
    left join (
        select
            p.dossier_code,
            array_agg((p.valid_from, p.valid_to, p.status, p.state, p.due_at)::core.life_span order by p.span_number) as spans
        from core.fct_dossier_span as p
        where codes is not null
        group by p.dossier_code
    ) as s on f.dossier_code = s.dossier_code
    where codes is not null and f.dossier_code <> all(codes);
end
$$;

comment on function core.dossier_as_known(timestamptz) is
'One row per dossier as known at a moment: unit, procedure, channel, dates, what exports say of it and the spans of its life.';
