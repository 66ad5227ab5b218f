"""The daily notice is the same bytes for everybody, whatever came, and tells nothing of anybody."""

from pathlib import Path

import pytest

from deploy import intake
from deploy.notice import MOST_ADDRESSES, message, notice_main
from tests.deploy.mail_server import mail_server

SENDER = "reminder@example.org"


def addresses(tmp_path: Path, *lines: str) -> Path:
    """A file of addresses."""
    file = tmp_path / "reviewers.txt"
    file.write_text("".join(f"{line}\n" for line in lines))
    return file


def run(file: Path, port: int) -> int:
    """Run the verb as the timer does."""
    return intake.main(["notice", "--to", str(file), "--sender", SENDER, "--smtp", f"127.0.0.1:{port}"])


def test_everybody_gets_the_same_bytes_every_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each address gets a message of its own, and no two differ in anything, today or tomorrow."""
    file = addresses(tmp_path, "# the reviewers", "a@example.org", "", " b@example.org ")
    with mail_server() as server:
        assert run(file, server.port) == 0
        assert run(file, server.port) == 0

    assert [recipient for recipient, _ in server.taken] == ["a@example.org", "b@example.org"] * 2
    assert {mail for _, mail in server.taken} == {message(SENDER)}
    assert set(server.greeted) == {"localhost"}
    written = capsys.readouterr()
    assert written.out + written.err == ""


def test_message_names_nobody_and_nothing() -> None:
    """Neither a reviewer, nor a day, nor what it is about stands in it; and no line is longer than mail allows."""
    text = message(SENDER).decode("ascii")

    assert "lapwing" not in text.lower()
    assert "a@example.org" not in text
    assert "Date:" not in text
    assert all(len(line) <= 998 and not line.startswith(".") for line in text.split("\r\n"))


def test_one_refused_address_holds_up_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The others get theirs, the exit code says that something is wrong, and the message does not say who."""
    file = addresses(tmp_path, "a@example.org", "b@example.org", "c@example.org")
    with mail_server() as server:
        server.refuses = ("b@example.org",)
        assert run(file, server.port) == 1

    assert [recipient for recipient, _ in server.taken] == ["a@example.org", "c@example.org"]
    told = capsys.readouterr().err
    assert "refused 1 of 3" in told
    assert "@" not in told


def test_mail_server_that_is_away_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The timer's unit fails then, so that the operator's alarm goes off."""
    file = addresses(tmp_path, "a@example.org")
    with mail_server() as server:
        server.hangs_up = True
        assert run(file, server.port) == 1
    assert run(file, server.port) == 1
    assert capsys.readouterr().err.count("does not answer as it must") == 2


@pytest.mark.parametrize(
    "lines", [(), ("# nobody",), ("a@example.org, b@example.org",), ("a",), ("ä@example.org",), ("a@b",) * 65]
)
def test_file_that_is_no_list_is_refused(
    lines: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is sent when one line is wrong, and the line is not repeated."""
    with mail_server() as server:
        assert run(addresses(tmp_path, *lines), server.port) == 1

    assert server.taken == []
    assert "@b" not in capsys.readouterr().err
    assert MOST_ADDRESSES == 64


@pytest.mark.parametrize("smtp", ["", "25", "mail.example.org:25", "127.0.0.1:x", "127.0.0.1:0", "127.0.0.1:70000"])
def test_mail_server_must_be_on_this_machine(smtp: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Addresses leave this program for no other machine: passing on, with encryption, is a mail server's business."""
    file = addresses(tmp_path, "a@example.org")

    assert notice_main(["--to", str(file), "--sender", SENDER, "--smtp", smtp]) == 1
    assert "on this machine" in capsys.readouterr().err


def test_wrong_usage_and_missing_files_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Usage is 2, a file that is not there 1, and an odd sender 1."""
    assert notice_main([]) == 2
    assert notice_main(["--help"]) == 0
    assert notice_main(["--to", str(tmp_path / "none"), "--sender", SENDER]) == 1
    assert notice_main(["--to", str(addresses(tmp_path, "a@b")), "--sender", "a\r\nBcc: c@d"]) == 1
    assert "Bcc" not in capsys.readouterr().err
