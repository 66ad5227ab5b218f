"""The times of the files are those of the last minute."""

import os
import time
from pathlib import Path

from submission.moments import renew


def test_all_times_are_new(tmp_path: Path) -> None:
    """Folder, folders in it and files have the time of the call, whenever they were changed."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/file").write_text("x")
    (tmp_path / "letters").write_text("x")
    paths = [tmp_path, *tmp_path.rglob("*")]
    for path in paths:
        os.utime(path, (1, 1))

    before = time.time() - 1
    renew(tmp_path)

    assert len(paths) == 4
    for path in paths:
        times = path.stat()
        assert before < min(times.st_atime, times.st_mtime, times.st_ctime)


def test_a_file_that_is_gone_meanwhile_is_passed_over(tmp_path: Path) -> None:
    """A link to nothing is as good as gone."""
    (tmp_path / "gone").symlink_to("nothing")

    renew(tmp_path)
