-- Whether the marts hold a rule set; an unknown name is an error that says which there are.
create function core.is_stored_rule_set(rule_set text)
returns boolean
language plpgsql stable
as $$
declare
    found boolean;
begin
    select r.is_stored into found from core.rule_set as r where r.rule_set = is_stored_rule_set.rule_set;
    if found is null then
        raise exception 'Bộ quy tắc “%” không có; hiện có: %.', is_stored_rule_set.rule_set,
            (select string_agg(r.rule_set, ', ' order by r.rule_set) from core.rule_set as r) using errcode = '22023';
    end if;
    return found;
end
$$;

comment on function core.is_stored_rule_set(text) is
'Whether the marts hold a rule set or it is computed when asked for; an unknown name is an error.';
