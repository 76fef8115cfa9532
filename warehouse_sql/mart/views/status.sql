-- grain: one status of a dossier.
create view mart.status as
select
    s.status,
    s.status_name_vi,
    s.status_name_en,
    s.status_group
from core.dim_status as s;

comment on view mart.status is 'Dossier statuses of the national list, for readers of marts: grain one status, as core.dim_status.';
