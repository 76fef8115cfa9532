-- grain: one rule set that the marts hold.
create view mart.rule_set as
select
    r.rule_set,
    r.title_vi,
    r.title_en,
    r.bit
from core.rule_set as r
where r.is_stored;

comment on view mart.rule_set is
'Named definitions of early, on time, late and overdue, for readers of marts: grain one rule set that the marts hold, as core.rule_set.';
