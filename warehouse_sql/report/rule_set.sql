-- grain: the rule set of a report. Parameters: rule_set.
select
    r.rule_set,
    r.times_all,
    r.title_vi,
    r.title_en,
    r.compares_vi,
    r.compares_en,
    r.without_due_vi,
    r.without_due_en,
    r.withdrawn_vi,
    r.withdrawn_en,
    r.waiting_vi,
    r.waiting_en,
    r.paying_vi,
    r.paying_en,
    r.stopped_vi,
    r.stopped_en
from core.rule_set as r
where r.rule_set = :rule_set;
