-- What can be said of both portals: the kinds of difference of which there is something to compare. A dossier is missing on a side
-- only where that side has sent anything by the moment of the report. Parameters: known_at.
-- Makes report_portal_kind.
create temporary table report_portal_kind on commit drop as
select k.kind
from (values ('status', null), ('due_date', null), ('missing_national', 'national'), ('missing_provincial', 'provincial')) as k (kind, portal)
where k.portal is null
    or exists (
        select 1
        from landing.export_file as f
        inner join core.dim_source as s on f.source = s.source
        where s.portal = k.portal and f.status = 'loaded' and f.received_at <= cast(:known_at as timestamptz)
    );
