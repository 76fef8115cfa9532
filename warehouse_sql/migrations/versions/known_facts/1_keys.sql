-- Surrogate keys of the dimensions that facts refer to. They follow from the natural key, so a rebuild makes the same ones.
alter table core.dim_unit
add column unit_key bigint not null generated always as (
    -- the first 60 bits of the MD5 of the natural key
    cast(cast('x' || left(md5(unit_code || '@' || cast(valid_from - date '1900-01-01' as text)), 15) as bit(60)) as bigint)
) stored unique;
comment on column core.dim_unit.unit_key is 'Surrogate key, made from unit_code and valid_from.';

alter table core.dim_procedure
add column procedure_key bigint not null generated always as (
    -- the first 60 bits of the MD5 of the natural key
    cast(cast('x' || left(md5(procedure_code || '@' || cast(valid_from - date '1900-01-01' as text)), 15) as bit(60)) as bigint)
) stored unique;
comment on column core.dim_procedure.procedure_key is 'Surrogate key, made from procedure_code and valid_from.';

-- An event holds under a set of rule sets: the sum of their bits.
alter table core.rule_set add column bit smallint unique check (bit > 0 and bit & (bit - 1) = 0);
comment on column core.rule_set.bit is
'1, 2, 4 …: what the rule set is in the sums rule_sets of events and flows. It holds where rule_sets & bit <> 0.';
