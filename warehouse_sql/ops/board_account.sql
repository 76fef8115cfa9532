-- grain: one account of the board, with the codes of its units; none: it sees all of them, or is closed.
select
    a.name,
    array(
        select l.unit_code
        from ops.login_unit as l
        where l.login = 'board:' || a.name
        order by l.unit_code
    ) as units,
    a.may_acknowledge,
    a.made_at,
    a.closed_at
from ops.board_account as a
order by a.name
