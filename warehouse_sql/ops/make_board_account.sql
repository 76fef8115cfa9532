-- grain: one row: whether the account is new; one that is there gets the new password and rights, and is open.
-- Parameters: name, hash, all (sees every unit), may_acknowledge.
insert into ops.board_account (name, password_hash, sees_every_unit, may_acknowledge, made_at)
values (:name, :hash, :all, :may_acknowledge, now())
on conflict (name) do update set
    password_hash = excluded.password_hash,
    sees_every_unit = excluded.sees_every_unit,
    may_acknowledge = excluded.may_acknowledge,
    closed_at = null
returning made_at = now() as is_new
