"""How one intake is set up: a frozen value, and the small JSON file in the state folder that it comes from."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from types import NoneType
from typing import Any, Final

from crypto.errors import KeyFormatError
from crypto.onion import parse_onion
from submission.errors import ConfigError

FILE_NAME: Final = "config.json"
MAX_UPLOAD: Final = 2 * 1024**3
RETENTION_WEEKS: Final = 6
MAILBOX_STEP: Final = 0.1
MOST_FILES: Final = 64 * 1024**3
HOURLY_BYTES: Final = 4 * 1024**3
KEEP_FREE_PERCENT: Final = 20
MOST_PERCENT: Final = 90


def utc_today() -> date:
    """Return today's date in UTC. The intake never asks for the time of day."""
    return date(*time.gmtime()[:3])


@dataclass(frozen=True, slots=True)
class VisitLimits:
    """How often one address may do what, in the words of the `limits` package; kept in memory only.

    Behind tor an address is a circuit, of which every visitor has their own, so no count concerns anybody else. These
    are far above what a person does, and far below what keeps the machine busy: sixty tips a minute are a fiftieth of
    one processor. Without tor all visitors share an address, and the same numbers still let a demonstration run.
    """

    page: str = "600 per minute"
    tip: str = "60 per minute"
    mailbox: str = "60 per minute"


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one intake. None of them is a secret.

    Attributes:
        state: folder that holds the database and the shelves.
        root: the organisation's Ed25519 public root key, 32 bytes.
        clearnet_allowed: whether pages may be served to other hosts than an onion's; the demonstration sets it.
        onion_address: the visitors' own onion; visitors who ask for another name are only told how to come. None
            when the operator did not say it.
        max_upload: bytes of files in one form.
        most_files: bytes of files that may wait for the reviewers; beyond them only words are taken.
        hourly_bytes: bytes of forms with files that one circuit may send at once, and again in each hour; one form of
            the greatest size always fits.
        keep_free_percent: share of the disk that files leave free for words and for what reviewers write.
        retention_weeks: weeks after which a piece is deleted although not everybody acknowledged it.
        limits: how often one address may do what.
        today: the date in UTC; tests set it.
        clock: seconds, growing, by which what a circuit sent wears off; tests set it.
        mailbox_step: seconds; every answer of the mailbox comes after a whole number of these. Tests set 0.
    """

    state: Path
    root: bytes
    clearnet_allowed: bool = True
    onion_address: str | None = None
    max_upload: int = MAX_UPLOAD
    most_files: int = MOST_FILES
    hourly_bytes: int = HOURLY_BYTES
    keep_free_percent: int = KEEP_FREE_PERCENT
    retention_weeks: int = RETENTION_WEEKS
    limits: VisitLimits = field(default_factory=VisitLimits)
    today: Callable[[], date] = utc_today
    clock: Callable[[], float] = time.monotonic
    mailbox_step: float = MAILBOX_STEP


def save(config: Config) -> None:
    """Write the settings into the state folder, readable by the owner alone."""
    content = {
        "root": config.root.hex(),
        "clearnet_allowed": config.clearnet_allowed,
        "onion_address": config.onion_address,
        "max_upload": config.max_upload,
        "most_files": config.most_files,
        "hourly_bytes": config.hourly_bytes,
        "keep_free_percent": config.keep_free_percent,
        "retention_weeks": config.retention_weeks,
        "limits": {item.name: getattr(config.limits, item.name) for item in fields(VisitLimits)},
    }
    path = config.state / FILE_NAME
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(json.dumps(content, indent=2) + "\n")


def load(state: Path) -> Config:
    """Read the settings of a state folder.

    Raises:
        ConfigError: there is no such folder or file, or a setting is missing, unknown or of the wrong kind.
    """
    path = state / FILE_NAME
    try:
        content = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read; make the state folder with `lapwing intake init`") from error
    except ValueError as error:
        raise ConfigError(f"{path} is not JSON; correct it or make the state folder anew") from error
    try:
        return _parse(state, content)
    except (KeyError, TypeError, ValueError, AttributeError, KeyFormatError) as error:
        raise ConfigError(f"{path} has a setting that is missing, unknown or of the wrong kind; correct it") from error


def _parse(state: Path, content: dict[str, Any]) -> Config:
    limits = {str(name): str(value) for name, value in content.pop("limits", {}).items()}
    root = bytes.fromhex(content.pop("root"))
    known = {
        "clearnet_allowed": (bool,),
        "onion_address": (str, NoneType),
        "max_upload": (int,),
        "most_files": (int,),
        "hourly_bytes": (int,),
        "keep_free_percent": (int,),
        "retention_weeks": (int,),
    }
    if any(type(value) not in known[name] for name, value in content.items()):
        raise TypeError
    config = Config(state=state, root=root, limits=VisitLimits(**limits), **content)
    if len(root) != 32 or min(config.max_upload, config.most_files, config.retention_weeks) < 1:
        raise ValueError
    if config.onion_address is not None and parse_onion(config.onion_address) != config.onion_address:
        raise ValueError
    if config.hourly_bytes < 1 or not 1 <= config.keep_free_percent <= MOST_PERCENT:
        raise ValueError
    return config
