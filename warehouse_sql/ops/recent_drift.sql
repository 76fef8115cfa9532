-- grain: one thing of a source that first came in the last 14 days covered, the latest first.
select
    source,
    kind,
    name,
    example,
    first_seen_on,
    first_file,
    last_seen_on,
    files
from ops.drift
where first_seen_on > (select landing.horizon()) - 14
order by first_seen_on desc, source asc, kind asc, name asc, example asc;
