-- grain: one time that the card of a dossier was opened, the newest first.
-- Parameters: dossier, account, since (a day); null: all.
select
    a.at,
    a.account,
    a.dossier_code
from ops.board_access as a
where (cast(:dossier as text) is null or a.dossier_code = :dossier)
    and (cast(:account as text) is null or a.account = :account)
    and (cast(:since as date) is null or a.at >= cast(:since as date))
order by a.at desc, a.access_id desc
