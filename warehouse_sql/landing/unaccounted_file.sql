-- grain: one file whose rows do not add up. None may be here.
select
    path,
    rows_read,
    rows_loaded,
    rows_unchanged,
    rows_duplicate,
    rows_quarantined
from landing.export_file
where rows_read is distinct from rows_loaded + rows_unchanged + rows_duplicate + rows_quarantined
order by path;
