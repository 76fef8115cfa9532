-- grain: one row: how many catalogues of procedures were taken over, and from when the last holds.
select
    count(*) as imports,
    max(i.valid_from) as last_from
from core.catalogue_import as i;
