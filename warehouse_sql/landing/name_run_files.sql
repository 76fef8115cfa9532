-- The files of a run by the number that their staged rows have, and a place for the rows of them that are news.
-- Parameters: file_nos, file_ids, is_new (False: they were taken in before).
create temporary table run_file on commit drop as
select n.file_no, n.file_id, cast(:is_new as boolean) as is_new
from unnest(cast(:file_nos as integer []), cast(:file_ids as bigint [])) as n (file_no, file_id);

-- Without this the planner expects thousands of files, and joins their rows in a slower way.
analyze run_file;

-- Files that are still to be read again (complete_statements.sql): what repeats there says is not known yet.
create temporary table reread_file (file_id bigint not null) on commit drop;

create temporary table staged_news (staged_id integer not null, file_id bigint not null) on commit drop;
