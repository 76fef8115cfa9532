-- grain: one indicator of QĐ 766/QĐ-TTg.
create view mart.indicator as
select
    i.code as indicator,
    i.title_vi,
    i.title_en,
    i.is_share,
    i.max_score,
    i.formula_vi,
    i.formula_en
from core.indicator as i;

comment on view mart.indicator is
'Indicators of QĐ 766/QĐ-TTg that exports of dossiers can tell, for readers of marts: grain one indicator, as core.indicator. mart.indicator_qd766 counts them.';
