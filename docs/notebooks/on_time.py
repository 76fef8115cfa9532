"""Timeliness of units, out of a folder that `motcua export` wrote: `marimo edit docs/notebooks/on_time.py -- --folder DIR`."""

import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    from pathlib import Path

    import marimo as mo
    import polars as pl

    folder = Path(mo.cli_args().get("folder") or "mang-theo")
    return folder, mo, pl


@app.cell
def _(mo):
    mo.md(
        """
        # Đúng hạn theo đơn vị / Units on time

        `mart.timeliness_month` có mỗi tháng theo hai lịch và từng bộ quy tắc: **luôn chọn một lịch và một bộ quy tắc**, nếu không
        sẽ cộng trùng. / The mart holds each month by two calendars and every rule set: **always choose one of each**, or figures
        are counted several times.
        """
    )
    return


@app.cell
def _(folder, pl):
    months = pl.scan_parquet(folder / "mart_timeliness_month" / "*.parquet").filter(
        pl.col("calendar") == "calendar", pl.col("rule_set") == "ii06"
    )
    units = (
        months.group_by("unit_code", "unit_name")
        .agg(
            pl.sum("received_total", "resolved_total", "resolved_early", "resolved_on_time", "resolved_late")
        )
        .with_columns(
            on_time_share=(pl.col("resolved_early") + pl.col("resolved_on_time"))
            / pl.when(pl.col("resolved_total") > 0).then(pl.col("resolved_total"))
        )
        .sort("on_time_share", "unit_code", nulls_last=True)
        .collect()
    )
    units
    return (units,)


@app.cell
def _(folder, pl, units):
    dossiers = pl.read_parquet(folder / "core_fct_dossier" / "*.parquet", columns=["dossier_code", "status"])
    by_status = (
        dossiers.join(
            pl.read_parquet(folder / "core_dim_status" / "*.parquet").select("status", "status_name_vi"),
            on="status",
            how="left",
            validate="m:1",
        )
        .group_by("status", "status_name_vi")
        .len("dossiers")
        .sort("status")
    )
    print(f"{dossiers.height} dossiers, {units.height} units, {units['received_total'].sum()} received")
    by_status
    return


if __name__ == "__main__":
    app.run()
