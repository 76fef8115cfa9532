-- grain: one dossier behind one part of one indicator of QĐ 766/QĐ-TTg.
create function mart.indicator_dossier(
    indicator text,
    part text,
    date_from date,
    date_to date,
    known_at timestamptz default 'infinity',
    unit_keys bigint [] default null
)
returns table (
    dossier_code text,
    unit_key bigint,
    procedure_key bigint,
    quantity numeric,
    received_at timestamp,
    ended_at timestamp
)
language plpgsql stable parallel safe
set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
    known constant text [] := array(select i.code from core.indicator as i order by i.code);
    parts constant text [] := array['numerator', 'denominator', 'unknown_count'];
begin
    if indicator_dossier.indicator is null or indicator_dossier.indicator <> all(known) then
        raise exception 'Chỉ tiêu “%” không có; hiện có: %.', indicator_dossier.indicator, array_to_string(known, ', ')
            using errcode = '22023';
    end if;
    if indicator_dossier.part is null or indicator_dossier.part <> all(parts) then
        raise exception 'Số liệu “%” không có; hiện có: %.', indicator_dossier.part, array_to_string(parts, ', ') using errcode = '22023';
    end if;
    -- The share on time is one of figures of the form, and its dossiers are theirs.
    if indicator_dossier.indicator = '2.1' then
        return query
        select
            f.dossier_code, f.unit_key, f.procedure_key, sum(f.quantity), max(f.received_at), max(f.ended_at)
        from unnest(
            case indicator_dossier.part
                when 'numerator' then array['resolved_early', 'resolved_on_time', 'pending_in_time']
                when 'denominator' then array['received_total']
                else '{}'
            end
        ) as n (figure)
        cross join lateral mart.form_dossier(
            n.figure, indicator_dossier.date_from, indicator_dossier.date_to, 'qd766', indicator_dossier.known_at,
            indicator_dossier.unit_keys
        ) as f
        group by f.dossier_code, f.unit_key, f.procedure_key
        having sum(f.quantity) <> 0;
        return;
    end if;
    return query
    select d.dossier_code, d.unit_key, d.procedure_key, q.quantity, d.received_at, nullif(d.resolved_at, 'infinity')
    from core.indicator_dossier(indicator_dossier.date_from, indicator_dossier.date_to, indicator_dossier.known_at) as d
    -- value: what it adds to the numerator, null where no export says; is_asked: the formula asks for it at all.
    cross join lateral (
        values
        ('2.2', d.processing_days, d.is_finished, d.is_finished),
        ('3.3', d.is_fully_online::integer, d.is_received, d.is_received),
        ('3.6', d.is_paid_online::integer, d.is_received, d.is_received and d.owes_payment),
        ('4.1', d.is_answered_electronically::integer, d.is_finished, d.is_finished and d.owes_electronic_result),
        ('4.2', d.is_wholly_digitised::integer, d.is_finished, d.is_finished),
        ('4.3', d.is_digitised::integer, d.is_received, d.is_received),
        ('4.5b', d.is_identified::integer, d.is_received, d.is_received)
    ) as m (indicator, value, is_counted, is_asked)
    cross join lateral (
        select
            case indicator_dossier.part
                when 'numerator' then case when m.is_counted then m.value end
                when 'denominator' then (m.is_counted and m.value is not null)::integer
                else coalesce(m.is_asked, false)::integer - (m.is_counted and m.value is not null)::integer
            end::numeric as quantity
    ) as q
    where m.indicator = indicator_dossier.indicator and q.quantity <> 0
        and (indicator_dossier.unit_keys is null or d.unit_key = any(indicator_dossier.unit_keys));
end
$$;

comment on function mart.indicator_dossier(text, text, date, date, timestamptz, bigint []) is
'The dossiers behind the numerator, the denominator or the unknown_count of an indicator of QĐ 766/QĐ-TTg (mart.indicator_qd766): quantity is what a dossier adds, of 2.2 days, and the sum is the figure. unit_keys takes some of the units alone.';
