-- grain: one call. Whole dossiers of several figures over parts by weight, so that no figure gains or loses any.
-- figures [1..n], weights [1..k] of any sum; totals [1..k] (optional): how many dossiers each part gets over all figures,
-- as apportion(array[sum of figures], weights) gives them. The result has n x k numbers, the k parts of the first
-- figure first. Each part gets its share rounded down; what is left of a figure goes one by one to the part that has
-- got least of it, then lacks most of its total, then has the largest remainder, then stands first.
create function core.apportion(figures bigint [], weights double precision [], totals bigint [] default null)
returns bigint []
language plpgsql immutable parallel safe
as $$
declare
    parts constant integer := cardinality(weights);
    weight_sum constant numeric := (select sum(w.weight::numeric) from unnest(weights) as w (weight));
    lacks bigint [] := totals;
    shares numeric [];
    rest bigint;
    given integer [];
    next_part integer;
    result bigint [] := '{}';
begin
    for figure in 1..cardinality(figures) loop
        for part in 1..parts loop
            shares[part] := figures[figure] * weights[part]::numeric / weight_sum;
            result := result || floor(shares[part])::bigint;
            lacks[part] := lacks[part] - floor(shares[part])::bigint;
        end loop;
    end loop;
    for figure in 1..cardinality(figures) loop
        given := array_fill(0, array[parts]);
        rest := figures[figure];
        for part in 1..parts loop
            shares[part] := figures[figure] * weights[part]::numeric / weight_sum;
            rest := rest - result[(figure - 1) * parts + part];
        end loop;
        while rest > 0 loop
            select p.part into strict next_part
            from generate_series(1, parts) as p (part)
            where (totals is null or lacks[p.part] > 0) and weights[p.part] > 0
            order by given[p.part], lacks[p.part] desc, shares[p.part] - floor(shares[p.part]) desc, p.part
            limit 1;
            result[(figure - 1) * parts + next_part] := result[(figure - 1) * parts + next_part] + 1;
            lacks[next_part] := lacks[next_part] - 1;
            given[next_part] := given[next_part] + 1;
            rest := rest - 1;
        end loop;
    end loop;
    return result;
end
$$;

comment on function core.apportion(bigint [], double precision [], bigint []) is
'Whole dossiers of figures over parts by weight, by largest remainder: each figure keeps its sum, and each part its total where totals are given. n figures x k parts, in order.';
