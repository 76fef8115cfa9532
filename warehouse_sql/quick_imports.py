"""Imports of many modules at once: Dagster, Polars and SQLAlchemy are 2,000 of them, before a command begins."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec, module_from_spec
from typing import Any


@contextmanager
def quick_imports(*put_off: str) -> Iterator[None]:
    """Keeps Python from searching what is being imported for garbage, again and again: a sixth of the time it takes.

    Afterwards what is there is left out of later searches as well, since modules stay. Modules that are `put_off` are
    imported when something of them is first used, for libraries that name more than they use.
    """
    for name in put_off:
        _put_off(name)
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


def _put_off(name: str) -> None:
    """Makes a module known by its name; its code runs when an attribute is asked for that modules do not have anyway."""
    if name in sys.modules:
        return
    spec = find_spec(name)
    if spec is None or spec.loader is None:
        return
    module, loader = module_from_spec(spec), spec.loader

    def load(attribute: str) -> Any:
        del module.__getattr__
        loader.exec_module(module)
        return getattr(module, attribute)

    # The standard library's LazyLoader runs the code at the next `import` of the module.
    module.__getattr__ = load  # type: ignore[method-assign]
    sys.modules[name] = module
