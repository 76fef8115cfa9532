"""`make audit`: known holes in what an office installs, and the list of it all (SBOM, CycloneDX).

The vulnerability service of PyPI is asked. Where it can't be reached, or a mirror without it answers, the output states it and
is no failure; a known hole is one.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.own_environment import python_with

_ROOT = Path(__file__).parents[1]
_TOOLS = _ROOT / "requirements" / "audit.txt"
_PINS = _ROOT / "requirements" / "runtime.txt"
_SECONDS = 90


def verdict(report: Mapping[str, Any] | None) -> tuple[str, int]:
    """Returns what the report of pip-audit comes to, and the exit code. No report: the service did not answer.

    pip-audit itself says that nothing is known where nothing could be asked: it skips such packages.
    """
    if report is None:
        return "The dependencies were NOT audited: the vulnerability service cannot be reached.", 0
    libraries = report["dependencies"]
    holes = [
        f"{each['name']} {each['version']}: {hole['id']}"
        + (f", mended in {', '.join(hole['fix_versions'])}" if hole["fix_versions"] else "")
        for each in libraries
        for hole in each.get("vulns", ())
    ]
    skipped = sum("skip_reason" in each for each in libraries)
    if holes:
        return "\n".join(["Known holes in pinned dependencies:", *holes]), 1
    if skipped == len(libraries):
        return (
            "The dependencies were NOT audited: the vulnerability service cannot be reached (a mirror answers).",
            0,
        )
    if skipped:
        return f"No known hole in {len(libraries) - skipped} dependencies; {skipped} were NOT audited.", 0
    return f"No known hole in {len(libraries)} dependencies.", 0


def audit_python() -> Path:
    """Returns the Python that has the tools of the audit: not among motcua's own libraries, where what they bring along would be
    loaded, too (a grammar of addresses cost every run more than a second).
    """
    return python_with(_TOOLS, _ROOT / "build" / "audit-tools")


def audit(file: Path) -> Mapping[str, Any] | None:
    """Returns the report of pip-audit, which is kept in the file; None where it could not be made."""
    file.unlink(missing_ok=True)
    command = [
        str(audit_python()),
        "-m",
        "pip_audit",
        "--requirement",
        str(_PINS),
        "--require-hashes",
        "--disable-pip",
    ]
    options = ["--progress-spinner", "off", "--format", "json", "--output", str(file), "--timeout", "10"]
    try:
        subprocess.run([*command, *options], check=False, capture_output=True, timeout=_SECONDS)
        report: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (subprocess.TimeoutExpired, OSError, ValueError):
        return None
    return report


def write_sbom(file: Path) -> None:
    """Writes the bill of materials of what an office installs: the same bytes for the same pins."""
    command = [str(audit_python()), "-W", "ignore", "-m", "cyclonedx_py", "requirements", str(_PINS)]
    options = [
        "--pyproject",
        str(_ROOT / "pyproject.toml"),
        "--output-reproducible",
        "--no-validate",
        "--output-file",
        str(file),
    ]
    subprocess.run([*command, *options], check=True, capture_output=True)


def main(folder: Path) -> int:
    """Writes both into the folder and says what came of it. Returns the exit code."""
    folder.mkdir(parents=True, exist_ok=True)
    write_sbom(folder / "motcua.cdx.json")
    line, code = verdict(audit(folder / "audit.json"))
    print(f"Bill of materials: {folder / 'motcua.cdx.json'}\n{line}")
    return code


if __name__ == "__main__":
    sys.exit(main(_ROOT / "build"))
