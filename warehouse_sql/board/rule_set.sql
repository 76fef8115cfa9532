-- grain: one rule set that may be chosen.
select
    r.rule_set,
    r.title_vi,
    r.title_en
from mart.rule_set as r
order by r.rule_set
