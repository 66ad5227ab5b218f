"""`lapwing demo` starts what it says, ends all of it, and refuses what it cannot do."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from deploy.demo import main
from deploy.visit import Visitor
from tests.deploy.test_story import ROOT, free_base


@contextmanager
def interrupted(demo: "subprocess.Popen[str]") -> Iterator["subprocess.Popen[str]"]:
    """A process that gets what Ctrl-C sends when the block ends, however it ends."""
    with demo:
        try:
            yield demo
        finally:
            for _ in range(3):  # as impatient people do
                demo.send_signal(signal.SIGINT)
                with suppress(subprocess.TimeoutExpired):
                    demo.wait(0.3)
            demo.wait(60)


def test_ctrl_c_ends_every_process_and_removes_the_state() -> None:
    """After an interrupt nobody listens any more and the throwaway folder is gone."""
    base = free_base()
    words = [sys.executable, "-P", "-m", "deploy.cli", "demo", "--port", str(base)]
    with interrupted(subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)) as demo:
        told = ""
        for line in demo.stdout or ():
            told += line
            if "Ctrl-C" in line:
                break
        folder = re.search(r"removes (\S+)\.$", told, re.MULTILINE)
        assert folder is not None
        assert Path(folder[1]).is_dir()
        links = re.findall(r"http://127\.0\.0\.1:\d+\S*", told)
        assert [link.split(":")[2].split("/")[0] for link in links] == [str(base), str(base + 11), str(base + 12)]
        assert {Visitor().get(link).status for link in links} == {200}
    assert demo.returncode == 0
    assert not Path(folder[1]).exists()
    for port in (base, base + 11, base + 12, base + 13):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_taken_port_is_refused_before_anything_is_made(capsys: pytest.CaptureFixture[str]) -> None:
    """The message names the port and how to choose others."""
    base = free_base()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", base + 12))
        taken.listen()
        assert main(["--port", str(base)]) == 1
    assert f"port {base + 12} is taken" in capsys.readouterr().err


def test_wrong_usage_is_told_apart() -> None:
    """Usage errors end with 2, help with 0."""
    assert main(["--port", "80"]) == 2
    assert main(["--nothing"]) == 2
    assert main(["--help"]) == 0
