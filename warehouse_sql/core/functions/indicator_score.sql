-- The points of one share by the scoring of its indicator (core.indicator); null for what is not scored or not measured.
create function core.indicator_score(share numeric, scoring text, target numeric, max_score numeric)
returns numeric
language sql immutable parallel safe
as $$
select
    case
        when scoring = 'threshold' and share >= target then max_score
        when scoring = 'threshold' then round(share * max_score / target, 2)
        when scoring = 'linear' then round(share * max_score, 2)
    end
$$;

comment on function core.indicator_score(numeric, text, numeric, numeric) is
'Points of a share by the scoring of its indicator (core.indicator), to two decimals; null for what is not scored or not measured.';
