"""A machine of its own: Debian with systemd as its first process, in a container of systemd-nspawn without a network.

Its disk is an overlay over the disks of machines that were switched off, so that one installation serves many machines.
"""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: Where the copy of this repository lies in the machine.
SOURCE = "/usr/src/motcua"
_PACKAGES = "systemd,systemd-sysv,dbus,python3,python3-venv,procps,sudo,postgresql,ca-certificates,curl"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_SECONDS_TO_START = 120


def missing() -> str:
    """Returns why no machine can be made here, or nothing."""
    programs = [name for name in ("debootstrap", "systemd-nspawn", "nsenter") if not shutil.which(name)]
    if programs:
        return f"{', '.join(programs)} not installed: pages were not typed as root"
    if os.geteuid() != 0:
        return "this needs root: pages were not typed as root"
    return ""


def make_disk(disk: Path) -> None:
    """Makes a disk with Debian of this machine's release, this repository, and the packages that an office would download."""
    release = platform.freedesktop_os_release()["VERSION_CODENAME"]
    sites = _out(
        "apt-get", "indextargets", "--format", "$(SITE)", "Identifier: Packages", f"Codename: {release}"
    )
    _out("debootstrap", "--variant=minbase", f"--include={_PACKAGES}", release, str(disk), sites.split()[0])
    source = disk / SOURCE.removeprefix("/")
    source.mkdir()
    names = _out("git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    there = [name for name in names.split("\0") if (ROOT / name).is_file()]
    subprocess.run(["cp", "--parents", "--target-directory", str(source), *there], cwd=ROOT, check=True)
    builders = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["build-system"][
        "requires"
    ]
    download = (sys.executable, "-m", "pip", "download", "--quiet", "--dest", str(disk / "srv" / "packages"))
    _out(
        *download,
        "--no-deps",
        "--require-hashes",
        "--requirement",
        str(ROOT / "requirements" / "runtime.txt"),
    )
    _out(*download, *builders)
    (disk / "etc" / "pip.conf").write_text(
        "[global]\nno-index = true\nfind-links = /srv/packages\n", encoding="utf-8"
    )


@dataclass
class Machine:
    """A machine whose disk is `root`/disk, over the disks `below`, the uppermost first."""

    root: Path
    below: list[Path]
    _container: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def disk(self) -> Path:
        """All that this machine sees, while it is on."""
        return self.root / "disk"

    @property
    def layers(self) -> list[Path]:
        """The disks of a machine that begins where this one ended."""
        return [self.root / "own", *self.below]

    def switch_on(self) -> None:
        """Starts systemd and waits for what it starts."""
        for folder in ("disk", "own", "work"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        places = (
            f"lowerdir={':'.join(map(str, self.below))},upperdir={self.root}/own,workdir={self.root}/work"
        )
        _out("mount", "-t", "overlay", "overlay", "-o", places, str(self.disk))
        command = ["systemd-nspawn", "--quiet", "--boot", "--private-network", "--register=no", "--keep-unit"]
        with (self.root / "console").open("ab") as console:
            self._container = subprocess.Popen(
                [*command, f"--machine={self.root.name}", f"--directory={self.disk}"],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                start_new_session=True,
            )
        until = time.monotonic() + _SECONDS_TO_START
        while self.as_root("systemctl is-system-running --wait").stdout.strip() not in (
            "running",
            "degraded",
        ):
            assert time.monotonic() < until, (self.root / "console").read_text(errors="replace")
            time.sleep(1)

    def switch_off(self) -> None:
        """Ends it as `systemctl poweroff` does."""
        if self._container is None:
            return
        self.as_root("systemctl poweroff")
        try:
            self._container.wait(timeout=180)
        except subprocess.TimeoutExpired:
            self._container.kill()
            self._container.wait()
            raise
        finally:
            self._container = None
            _out("umount", str(self.disk))

    def as_root(self, commands: str) -> subprocess.CompletedProcess[str]:
        """Returns what root's shell answers, in the copy of this repository."""
        return self._inside(["bash", "-c", f"cd {SOURCE}; set -eo pipefail\n{commands}"])

    def as_motcua(self, commands: str) -> subprocess.CompletedProcess[str]:
        """Returns what a shell of motcua's account answers, as at a terminal, with variables and folder of the one before."""
        state = "/tmp/motcua-shell"
        keep = f"trap 'declare -px | grep -v ^declare.-[a-z]*r > {state}; echo cd \"$PWD\" >> {state}' EXIT"
        script = (
            f"test -e {state} && . {state}; export MOTCUA_LOG=text; {keep}; set -aeo pipefail\n{commands}"
        )
        return self._inside(["runuser", "-u", "motcua", "--", "bash", "-c", script])

    def _inside(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        assert self._container, "the machine is off"
        container = self._container.pid
        first = Path(f"/proc/{container}/task/{container}/children").read_text(encoding="ascii").split()
        if not first:
            return subprocess.CompletedProcess(command, 1, "not yet")
        environment = ["env", "--ignore-environment", f"PATH={_PATH}", "HOME=/root", "LANG=C.UTF-8"]
        return subprocess.run(
            ["nsenter", f"--target={first[0]}", "--all", "--", *environment, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )


def _out(*command: str) -> str:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{shlex.join(command)}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout
