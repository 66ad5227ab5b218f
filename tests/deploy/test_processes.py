"""Processes of the demonstration start, say that they are ready, and end."""

import contextlib
import os
import socket
from pathlib import Path

import pytest

from deploy.processes import DemoError, Process, Processes, refuse_taken_ports, run


def gone(process: int) -> bool:
    """Whether no process has this id any more."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_taken_port_is_told_by_its_number() -> None:
    """Who starts the demonstration learns which port to free, or how to choose others."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(DemoError, match=f"port {port} is taken.*--port BASE"):
            refuse_taken_ports([port])
    refuse_taken_ports([port])


def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    """The message of the command that failed is passed on."""
    assert "seal" in run("help", folder=tmp_path)
    with pytest.raises(DemoError, match="lapwing keys roster ended with 1"):
        run("keys", "roster", "--root", "nowhere", "-o", "x", folder=tmp_path)


def test_a_process_that_never_starts_is_told(tmp_path: Path) -> None:
    """A process that ends before it is ready is an error, not a wait for ever."""
    with pytest.raises(DemoError, match="did not start"):
        Process(["keys", "nothing"], tmp_path, "ready")


def test_all_processes_end_with_their_holder(tmp_path: Path) -> None:
    """Whatever happens inside, no process stays behind."""
    script = ["/bin/sh", "-c", "echo ready; sleep 60", "sh"]
    with contextlib.suppress(ZeroDivisionError), Processes() as processes:
        process = processes.start(["pipe"], tmp_path, "ready", wrapper=script)
        assert process.running()
        assert [each.id for each in processes] == [process.id]
        raise ZeroDivisionError
    assert not process.running()
    assert gone(process.id)
