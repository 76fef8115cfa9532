-- The bit of a rule set in the sums rule_sets of events and flows; an unknown name is an error that says which there are.
create function core.rule_set_bit(rule_set text)
returns smallint
language plpgsql stable parallel safe
as $$
declare
    bit smallint;
begin
    select r.bit into bit from core.rule_set as r where r.rule_set = rule_set_bit.rule_set;
    if bit is null then
        raise exception 'Bộ quy tắc “%” không có; hiện có: %.', rule_set_bit.rule_set,
            (select string_agg(r.rule_set, ', ' order by r.rule_set) from core.rule_set as r) using errcode = '22023';
    end if;
    return bit;
end
$$;

comment on function core.rule_set_bit(text) is
'The bit of a rule set in rule_sets of events and flows; an unknown name is an error.';
