"""A real SFTP server: Debian's sshd on loopback, with a host key, a user key and a configuration of the test's own.

Here: the server. Not here: what is read from it. `tests/openssh.sh` installs it where root and apt are at hand.
"""

from __future__ import annotations

import getpass
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.receivers import free_port

_SSHD = Path("/usr/sbin/sshd")
_CONFIGURATION = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {root}/host_key
PidFile {root}/sshd.pid
AuthorizedKeysFile {root}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
Subsystem sftp internal-sftp
"""


@dataclass(frozen=True)
class SftpServer:
    """A running server: its port, its files of keys, and the account it lets in."""

    port: int
    root: Path
    user: str

    @property
    def user_key(self) -> Path:
        return self.root / "user_key"

    @property
    def known_hosts(self) -> Path:
        return self.root / "known_hosts"

    def address(self, folder: Path | str, user: str | None = None) -> str:
        return f"sftp://{user or self.user}@127.0.0.1:{self.port}{folder}"

    def write_known_hosts(self, key: str = "host_key") -> None:
        """The key of this server, or another one, as the key of its address."""
        kind, public = (self.root / f"{key}.pub").read_text().split()[:2]
        self.known_hosts.write_text(f"[127.0.0.1]:{self.port} {kind} {public}\n")


def missing() -> str | None:
    """Returns why there is no server, None if there is one."""
    return None if _SSHD.exists() else f"{_SSHD} is not installed (tests/openssh.sh)"


def make_key(file: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(file)], check=True)


@contextmanager
def sftp_server(root: Path) -> Iterator[SftpServer]:
    """The server with its things below `root`, as long as the block lasts."""
    server = SftpServer(free_port(), root, getpass.getuser())
    for name in ("host_key", "other_key", "user_key"):
        make_key(root / name)
    (root / "authorized_keys").write_text((root / "user_key.pub").read_text())
    (root / "sshd_config").write_text(_CONFIGURATION.format(port=server.port, root=root))
    server.write_known_hosts()
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # as root it separates its rights there
    command = [str(_SSHD), "-D", "-e", "-f", str(root / "sshd_config")]
    with (root / "log").open("wb") as log, subprocess.Popen(command, stderr=log) as process:
        try:
            _wait_for(root / "sshd.pid", process)
            yield server
        finally:
            process.terminate()


def _wait_for(pid_file: Path, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if pid_file.exists():
            return
        if process.poll() is not None:
            raise RuntimeError((pid_file.parent / "log").read_text())
        time.sleep(0.05)
    raise TimeoutError(pid_file)
