-- grain: one counted dossier of those given, with what its due instant is computed from. Parameters: codes.
select
    f.dossier_code,
    f.received_at,
    coalesce(f.limit_value, p.limit_value) as limit_value,
    case when f.limit_value is not null then f.limit_unit else p.limit_unit end as limit_unit,
    case when f.limit_value is not null then 'export' when p.limit_value is not null then 'catalogue' end as limit_source,
    f.first_due_at as promised_due_at,
    w.paused_at,
    w.resumed_at
from core.fct_dossier as f
inner join core.dossier_procedure as p on f.dossier_code = p.dossier_code and p.dossier_code = any(:codes)
left join (
    select
        s.dossier_code,
        array_agg(s.valid_from order by s.span_number) as paused_at,
        array_agg(nullif(s.valid_to, 'infinity') order by s.span_number) as resumed_at
    from core.fct_dossier_span as s
    where s.state = 'suspended' and s.dossier_code = any(:codes)
    group by s.dossier_code
) as w on f.dossier_code = w.dossier_code
where f.dossier_code = any(:codes) and f.is_counted
order by f.dossier_code;
