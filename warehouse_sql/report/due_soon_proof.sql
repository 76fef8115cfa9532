-- grain: the fit behind mart.due_soon, none while no fit is kept: how it did on days that it had not seen.
select m.lists, m.precision_model, m.precision_plain, m.calibration_error
from ops.due_soon_model as m
where m.is_kept and m.trained_through = (select max(last.trained_through) from ops.due_soon_model as last);
