-- grain: the rule set of a report. Parameters: rule_set.
select r.rule_set, r.title_vi, r.times_all, r.compares_vi, r.without_due_vi, r.withdrawn_vi, r.waiting_vi, r.paying_vi, r.stopped_vi
from core.rule_set as r
where r.rule_set = :rule_set;
