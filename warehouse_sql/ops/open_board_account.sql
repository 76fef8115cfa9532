-- grain: one row: the open account of the board of that name, and whether the warehouse can limit anybody to units; no row: there is none.
-- Parameter: name.
select
    a.name,
    a.password_hash,
    a.sees_every_unit,
    a.may_acknowledge,
    c.relrowsecurity as limits_rows
from ops.board_account as a
inner join pg_class as c on c.oid = to_regclass('mart.daily_flow')
where a.name = :name and a.closed_at is null
