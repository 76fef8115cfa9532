-- grain: one target, set for a unit of the report or for all units, of the reporting year that the last day of the
-- period lies in, next to what was reached by that day, as known now. Parameters: date_to. Needs report_unit.
select
    t.unit_code,
    t.unit_name,
    t.indicator,
    coalesce(i.title_vi, 'Giải quyết trước hạn và đúng hạn (' || r.rule_set || ')') as title_vi,
    coalesce(i.title_en, 'Resolved early or on time (' || r.rule_set || ')') as title_en,
    y.date_from,
    t.target,
    t.reached,
    t.gap,
    t.is_on_course
from (
    select p.year, p.date_from
    from mart.period as p
    where p.calendar = 'reporting' and p.kind = 'year' and :date_to between p.date_from and p.date_to
) as y
cross join lateral mart.target_progress(y.year, :date_to) as t
left join core.indicator as i on t.indicator = i.code
left join core.rule_set as r on t.indicator = 'on_time:' || r.rule_set
left join report_unit as u on t.unit_code = u.unit_code and t.valid_from = u.valid_from
where t.unit_code = 'all' or u.unit_code is not null
order by t.unit_code = 'all' desc, u.place asc, t.indicator asc;
