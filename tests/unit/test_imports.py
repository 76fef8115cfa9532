"""No module imports in a circle (what is imported only for types or inside a function counts, too), and none too much."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_PACKAGES = ("assets", "quality", "warehouse_sql", "pipelines")


def test_no_module_imports_in_a_circle() -> None:
    graph = _imports(_ROOT)
    assert len(graph) > 200
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"imports in a circle: {' -> '.join(reversed(error.args[1]))}")


@pytest.mark.parametrize(
    "lines",
    [
        "from assets.two import name",
        "import assets.two",
        "from assets import two",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from assets.two import name",
        "def lazy():\n    from assets.two import name",
    ],
)
def test_a_circle_is_seen_however_it_is_imported(tmp_path: Path, lines: str) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "__init__.py").touch()
    (tmp_path / "assets" / "one.py").write_text(lines, encoding="utf-8")
    (tmp_path / "assets" / "two.py").write_text("from assets.one import lazy", encoding="utf-8")
    with pytest.raises(CycleError):
        TopologicalSorter(_imports(tmp_path)).prepare()


def _imports(root: Path) -> dict[str, set[str]]:
    """Returns for each module the modules of the project that its source names in an import."""
    files = {_name(root, file): file for package in _PACKAGES for file in (root / package).rglob("*.py")}
    return {name: set(_imported(file, files)) - {name} for name, file in files.items()}


def _name(root: Path, file: Path) -> str:
    return ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def _imported(file: Path, known: Mapping[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative imports are not used here"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                if whole in known:
                    yield whole
                elif node.module in known:
                    yield node.module


def test_commands_do_not_wait_for_libraries_that_only_some_of_them_need() -> None:
    heavy = {
        "dagster",
        "great_expectations",
        "scipy",
        "numpy",
        "holidays",
        "jinja2",
        "altair",
        "xlsxwriter",
        "docx",
    }
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, pipelines.cli; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert not heavy & set(loaded.stdout.split())


def test_libraries_of_the_audit_that_no_rule_asks_for_are_loaded_when_they_are_used() -> None:
    steps = (
        "import sys",
        "from quality.expectations import UNUSED, expectation",
        "from quality.catalogue import staged_rules",
        "from warehouse_sql.quick_imports import quick_imports",
        "with quick_imports(*UNUSED): import great_expectations",
        "expectation(staged_rules('flag')[0])",
        "print(*sys.modules, sep='\\n')",
        "from scipy import stats",
        "from scipy.stats import binomtest",
        "import altair",
        "assert round(stats.norm.cdf(0), 6) == 0.5 and binomtest(3, 3).pvalue == 0.25",
        "assert altair.Chart().to_dict and altair.expr.abs(-1)",
    )
    loaded = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", "\n".join(steps)], capture_output=True, text=True, check=True
    )
    assert not {"scipy.stats.distributions", "altair.vegalite"} & set(loaded.stdout.split())
