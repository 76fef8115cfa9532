-- grain: one unit and day from first_on to last_on: its pending dossiers as a share of those of the 28 rows before (ii06).
-- Parameters: first_on, last_on.
select s.unit_key, s.date, s.share_of_usual
from (
    select
        l.unit_code || '@' || l.unit_valid_from as unit_key,
        l.date,
        cast(l.pending / nullif(avg(l.pending) over w, 0) as double precision) as share_of_usual
    from mart.overdue_stock as l
    where l.rule_set = 'ii06' and l.date between cast(:first_on as date) - 40 and cast(:last_on as date)
    window w as (partition by l.unit_code, l.unit_valid_from order by l.date rows between 28 preceding and 1 preceding)
) as s
where s.date >= cast(:first_on as date)
order by s.unit_key, s.date;
