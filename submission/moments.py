"""The times that the file system notes of the intake's files: those of the last full minute, whoever came when.

They would show the moment at which the last tip came. Setting one to a day of long ago would not help, since no call
sets the time of change; and a copy by size and time would pass over what has changed. So all of them are made new every
minute, whether or not anything happened.
"""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

EVERY_SECONDS: Final = 60


def renew(state: Path) -> None:
    """Set all times of a folder and of everything in it to now."""
    for path in (state, *state.rglob("*")):
        with suppress(FileNotFoundError):  # of the database's own, which come and go
            os.utime(path)
