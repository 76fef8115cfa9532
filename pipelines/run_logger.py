"""What a run that Dagster starts writes to standard error in addition to its records: JSON where that is no terminal.

Jobs name the logger in their configuration: without that, Dagster takes one of its own. A run of single assets belongs to a
job of Dagster's, and keeps that one.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import dagster as dg

from pipelines.json_logs import JsonFormatter, is_json
from pipelines.settings import Settings

NAME = "console"


@dg.logger(
    config_schema={
        "log_level": dg.Field(str, default_value="DEBUG"),
        "name": dg.Field(str, default_value="dagster"),
    },
    description="Standard error; JSON where that is no terminal (MOTCUA_LOG).",
)
def console(context: dg.InitLoggerContext) -> logging.Logger:
    """Returns the logger of one run."""
    if not is_json(Settings().log):
        coloured: logging.Logger = dg.colored_console_logger.logger_fn(context)
        return coloured
    logger = logging.Logger(context.logger_config["name"], context.logger_config["log_level"])
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    logger.addHandler(handler)
    return logger


def logging_at(level: str = "DEBUG") -> dict[str, Any]:
    """Returns the configuration of a run that logs from that level on."""
    return {"loggers": {NAME: {"config": {"log_level": level}}}}
