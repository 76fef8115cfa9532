-- grain: one counted dossier of those given, with what its due instant is computed from. Parameters: codes.
-- Materialized: of the given dossiers the planner takes far fewer to be found twice than there are, and would then look at
-- all spans once for each.
with catalogue as materialized (
    select p.dossier_code, p.limit_value, p.limit_unit
    from core.dossier_procedure as p
    where p.dossier_code = any(:codes)
),

waiting as materialized (
    select
        s.dossier_code,
        array_agg(s.valid_from order by s.span_number) as paused_at,
        array_agg(nullif(s.valid_to, 'infinity') order by s.span_number) as resumed_at
    from core.fct_dossier_span as s
    where s.state = 'suspended' and s.dossier_code = any(:codes)
    group by s.dossier_code
)

select
    f.dossier_code,
    f.received_at,
    coalesce(f.limit_value, c.limit_value) as limit_value,
    case when f.limit_value is not null then f.limit_unit else c.limit_unit end as limit_unit,
    case when f.limit_value is not null then 'export' when c.limit_value is not null then 'catalogue' end as limit_source,
    f.first_due_at as promised_due_at,
    w.paused_at,
    w.resumed_at
from core.fct_dossier as f
inner join catalogue as c on f.dossier_code = c.dossier_code
left join waiting as w on f.dossier_code = w.dossier_code
where f.dossier_code = any(:codes) and f.is_counted
order by f.dossier_code;
