-- grain: one dossier behind one figure of form II.06.
create function mart.form_dossier(
    figure text,
    date_from date,
    date_to date,
    rule_set text default 'ii06',
    known_at timestamptz default 'infinity',
    unit_keys bigint [] default null,
    sector_code text default null,
    procedure_code text default null,
    channels smallint [] default null
)
returns table (
    dossier_code text,
    unit_key bigint,
    procedure_key bigint,
    channel smallint,
    quantity bigint,
    counted_on date,
    received_at timestamp,
    due_at timestamp,
    ended_at timestamp,
    status smallint,
    state text
)
language plpgsql stable parallel safe
set plan_cache_mode = force_custom_plan
-- How many dossiers a figure has can't be foreseen, and sorting all that there are for a few is what it would cost.
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
    figures constant text [] := array[
        'received_total', 'received_online', 'received_direct_postal', 'carried_over', 'resolved_total', 'resolved_early', 'resolved_on_time',
        'resolved_late', 'pending_total', 'pending_in_time', 'pending_overdue', 'became_overdue', 'overdue_cleared'
    ];
    bit smallint := core.rule_set_bit(form_dossier.rule_set);
    counted_to date := least(form_dossier.date_to, mart.horizon(form_dossier.known_at));
    -- Whoever is not open now was not open at the last day that is counted.
    of_open boolean := form_dossier.figure like 'pending%' and counted_to = mart.horizon() and form_dossier.known_at = 'infinity';
begin
    if form_dossier.figure is null or form_dossier.figure <> all(figures) then
        raise exception 'Số liệu “%” không có; hiện có: %.', form_dossier.figure, array_to_string(figures, ', ') using errcode = '22023';
    end if;
    if form_dossier.date_from is null or form_dossier.date_to is null or form_dossier.date_from > form_dossier.date_to then
        raise exception 'Kỳ báo cáo từ % đến % không hợp lệ: ngày đầu phải trước hoặc bằng ngày cuối.',
            form_dossier.date_from, form_dossier.date_to using errcode = '22023';
    end if;
    return query
    with
    event as (
        select
            e.dossier_code, e.unit_key, e.procedure_key, e.channel, e.event_on, e.kind, e.quantity::bigint as quantity,
            c.is_online,
            e.event_on >= form_dossier.date_from as is_in_period,
            e.kind = 'received' as is_received,
            e.kind in ('resolved_early', 'resolved_on_time', 'resolved_late', 'resolved_untimed') as is_resolved
        from core.event_as_known(form_dossier.known_at) as e
        inner join core.dim_channel as c on e.channel = c.channel
        where e.rule_sets & bit <> 0 and e.event_on <= counted_to
            and (form_dossier.unit_keys is null or e.unit_key = any(form_dossier.unit_keys))
            and (form_dossier.sector_code is null or e.sector_code = form_dossier.sector_code)
            and (form_dossier.procedure_code is null or e.procedure_key in (
                select p.procedure_key from core.dim_procedure as p where p.procedure_code = form_dossier.procedure_code
            ))
            and (form_dossier.channels is null or e.channel = any(form_dossier.channels))
            and (not of_open or e.dossier_code in (
                select f.dossier_code from core.fct_dossier as f where f.state in ('processing', 'suspended')
            ))
            -- What a figure does not read is left out as early as can be.
            and case form_dossier.figure
                when 'received_total' then true
                when 'received_online' then e.kind = 'received' and c.is_online and e.event_on >= form_dossier.date_from
                when 'received_direct_postal' then e.kind = 'received' and not c.is_online and e.event_on >= form_dossier.date_from
                when 'carried_over' then e.event_on < form_dossier.date_from
                when 'resolved_total' then e.event_on >= form_dossier.date_from
                when 'pending_total' then true
                when 'pending_in_time' then true
                when 'pending_overdue' then e.kind in ('became_overdue', 'overdue_cleared')
                else e.kind = form_dossier.figure and e.event_on >= form_dossier.date_from
            end
    ),

    counted as (
        select
            v.dossier_code, v.unit_key, v.procedure_key, v.channel,
            sum(v.quantity * case
                when form_dossier.figure = 'received_total' then
                    case when v.is_received then 1 when v.is_resolved and not v.is_in_period then -1 else 0 end
                when form_dossier.figure = 'resolved_total' then case when v.is_resolved then 1 else 0 end
                when form_dossier.figure in ('carried_over', 'pending_total', 'pending_in_time') then
                    case
                        when v.is_received then 1 when v.is_resolved then -1
                        when form_dossier.figure = 'pending_in_time' and v.kind = 'became_overdue' then -1
                        when form_dossier.figure = 'pending_in_time' and v.kind = 'overdue_cleared' then 1
                        else 0
                    end
                when form_dossier.figure = 'pending_overdue' and v.kind = 'overdue_cleared' then -1
                else 1
            end)::bigint as quantity,
            max(v.event_on) as counted_on
        from event as v
        group by v.dossier_code, v.unit_key, v.procedure_key, v.channel
    )

    select
        v.dossier_code, v.unit_key, v.procedure_key, v.channel, v.quantity, v.counted_on,
        d.received_at, d.due_at, d.ended_at, d.status, d.state
    from counted as v
    left join core.dossier_as_known(form_dossier.known_at) as d on v.dossier_code = d.dossier_code
    where v.quantity <> 0;
end
$$;

comment on function mart.form_dossier(text, date, date, text, timestamptz, bigint [], text, text, smallint []) is
'The dossiers behind a figure of form II.06 (mart.form_ii06, whose arguments it has), with what was known of each at known_at: quantity is what a dossier adds, negative where a day before was taken back, and the sum is the figure. Besides the columns of the form: became_overdue and overdue_cleared in the period. unit_keys, sector_code, procedure_code and channels take some of the dossiers alone.';
