"""A copy of this machine to try things on as its administrator: nothing in it reaches this one, or any network."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent

# What would change the kernel, fetch from the network, or need systemd; each is noted.
STAND_INS = {
    "apt-get": "exit 0",
    "swapoff": "exit 0",
    "systemctl": f'exec {sys.executable} {HERE / "systemctl.py"} "$@"',
}

SETUP = """
set -eu
mount -t tmpfs none "$place"
mkdir "$place/upper" "$place/work" "$place/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$place/upper,workdir=$place/work" "$place/root"
cd "$place/root"
mount -t proc proc proc
mount --rbind /dev dev
mount -t tmpfs none run
mount --bind "$shared" srv
for path in $open; do chmod o+rx ".$path"; done
rm -rf opt/lapwing
ln -s "$lapwing" opt/lapwing
{ printf '%s\\n' "$lapwing"; cat "$lapwing"/requirements/*.txt "$lapwing/pyproject.toml" | cksum; } \\
    > ".$lapwing/.venv/requirements-stamp"
exec chroot . /bin/sh /srv/all
"""


def run(place: Path, shared: Path, script: str) -> str:
    """Run a shell script as root of a fresh copy of this machine, with Lapwing at /opt/lapwing; return what it printed.

    Args:
        place: an empty folder; what the copy changes is in memory, and gone afterwards.
        shared: what the copy has at /srv.
        script: run by sh; every process that it leaves is ended after it.
    """
    tools = shared / "stand-ins"
    tools.mkdir(exist_ok=True)
    for name, words in STAND_INS.items():
        (tools / name).write_text(f'#!/bin/sh\necho "stood in for: {name} $*"\n{words}\n')
        (tools / name).chmod(0o755)
    (shared / "all").write_text(f"PATH=/srv/stand-ins:$PATH\nexport PATH\n{script}")
    interpreter = Path(sys.executable).resolve()
    # The intake's own account must reach the interpreter and Lapwing.
    passed = {folder for path in (ROOT, interpreter) for folder in (path, *path.parents) if folder != Path("/")}
    done = subprocess.run(
        ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "sh", "-c", SETUP],
        env={
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/srv",
            "place": str(place),
            "shared": str(shared),
            "open": " ".join(sorted(map(str, passed))),
            "lapwing": str(ROOT),
        },
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=280,
        check=False,
    )
    return done.stdout
