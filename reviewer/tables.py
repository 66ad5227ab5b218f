"""The tables of a vault; `reviewer.store` alone reads and writes them."""

from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
)

METADATA: Final = MetaData()

# One value each: instance, root, id, label, signing (seed), counter, heads_on, acknowledged_on …
PROPERTY: Final = Table(
    "property",
    METADATA,
    Column("name", String, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

ROSTER: Final = Table(
    "roster",
    METADATA,
    Column("version", Integer, primary_key=True),
    Column("envelope", LargeBinary, nullable=False),
    Column("accepted_on", Date, nullable=False),
)

# A key sheet is kept with every signature seen, for as long as a letter sealed to it may come.
SHEET: Final = Table(
    "sheet",
    METADATA,
    Column("digest", LargeBinary, primary_key=True),
    Column("week", String, nullable=False, index=True),
    Column("envelope", LargeBinary, nullable=False),
)

# The first period key seen from each reviewer for a week and roster; a different one later is a warning, no change.
PERIOD_KEY: Final = Table(
    "period_key",
    METADATA,
    Column("reviewer", String, nullable=False),
    Column("week", String, nullable=False),
    Column("roster", LargeBinary, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("posted", Boolean, nullable=False, default=False),
    Column("contradicted", Boolean, nullable=False, default=False),
    PrimaryKeyConstraint("reviewer", "week", "roster"),
)

# The secret halves of our own period keys, until they are destroyed.
PERIOD_IDENTITY: Final = Table(
    "period_identity",
    METADATA,
    Column("week", String, primary_key=True),
    Column("identity", String, nullable=False),
)

# Letters that this app could open. `content` and `macs` are the letter's two lines; both go when the case is erased.
LETTER: Final = Table(
    "letter",
    METADATA,
    Column("name", LargeBinary, primary_key=True),
    Column("case_id", LargeBinary, nullable=False, index=True),
    Column("tip", LargeBinary, nullable=False),
    Column("number", Integer, nullable=False),
    Column("week", String, nullable=False),
    Column("pulled_on", Date, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("content", LargeBinary),
    Column("macs", LargeBinary),
    Column("files", String, nullable=False),  # none, offered, waiting, here, left, broken, erased
    Column("logged", Boolean, nullable=False),  # an event in the case log tells of it
    Column("handed_by", String),  # who gave it to us when we joined; none when we opened and verified it ourselves
    Column("attested", Boolean, nullable=False),  # an event of ours tells since when it is known here
)

# What was pulled but is not ours to read, or no letter at all: remembered so that it is not pulled again.
SET_ASIDE: Final = Table(
    "set_aside",
    METADATA,
    Column("name", LargeBinary, primary_key=True),
    Column("shelf", String, nullable=False),  # letters or log
    Column("reason", String, nullable=False),
    Column("on", Date, nullable=False),
)

# Exhibits on disk: an age file under a random name, to an identity of its own. No row, no file.
FILE: Final = Table(
    "file",
    METADATA,
    Column("sha256", LargeBinary, nullable=False),
    Column("case_id", LargeBinary, nullable=False),
    Column("length", Integer, nullable=False),
    Column("sha512", LargeBinary, nullable=False),
    Column("stored", String, nullable=False, unique=True),
    Column("identity", String, nullable=False),
    PrimaryKeyConstraint("case_id", "sha256"),
)

# The case log as seen by this app. `opened` (nonce and content) is there once a key was; it goes when a case is erased.
EVENT: Final = Table(
    "event",
    METADATA,
    Column("id", LargeBinary, primary_key=True),
    Column("author", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("envelope", LargeBinary, nullable=False),
    Column("box", LargeBinary),
    Column("opened", LargeBinary),
    Column("case_id", LargeBinary, index=True),
    Column("posted", Boolean, nullable=False),
    Column("arrived_on", Date, nullable=False),
)

# Other boxes that came for an event not opened yet: a batch is not signed, so the first box need not be the true one.
OTHER_BOX: Final = Table(
    "other_box",
    METADATA,
    Column("event_id", LargeBinary, nullable=False),
    Column("box", LargeBinary, nullable=False),
    PrimaryKeyConstraint("event_id", "box"),
)

CASE_KEY: Final = Table(
    "case_key",
    METADATA,
    Column("digest", LargeBinary, nullable=False),
    Column("case_id", LargeBinary, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("tried", Boolean, nullable=False),  # on every event that is still closed
    PrimaryKeyConstraint("case_id", "digest"),  # a grant is not signed: it may name another case first
)

# Cases erased here: their keys and contents never come back in, whoever posts them again.
ERASED: Final = Table(
    "erased", METADATA, Column("case_id", LargeBinary, primary_key=True), Column("on", Date, nullable=False)
)

# When each author's chain last grew, by this computer's own calendar.
SEEN: Final = Table(
    "seen",
    METADATA,
    Column("author", String, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("on", Date, nullable=False),
)

# Waiting to be posted: replies, grants of case keys and exhibits, all of them sealed when they go.
OUTGOING: Final = Table(
    "outgoing",
    METADATA,
    Column("serial", Integer, primary_key=True),
    Column("kind", String, nullable=False),  # reply, grant or exhibit
    Column("case_id", LargeBinary),
    Column("body", LargeBinary, nullable=False),
    Column("posted", Boolean, nullable=False),
)

# Parts that waited at the intake when it last listed them, and the day of the first time.
PART: Final = Table(
    "part",
    METADATA,
    Column("name", LargeBinary, primary_key=True),
    Column("seen_on", Date, nullable=False, index=True),
)

# What the index of a large letter or exhibit names while its files are still to come: 32 bytes for each part.
PART_INDEX: Final = Table(
    "part_index",
    METADATA,
    Column("listed_by", LargeBinary, primary_key=True),  # name of the letter, or id of the event
    Column("names", LargeBinary, nullable=False),
)

# To be acknowledged to the intake: hash of a letter, part or batch.
ACKNOWLEDGEMENT: Final = Table(
    "acknowledgement",
    METADATA,
    Column("shelf", String, nullable=False),  # letters, parts or log
    Column("name", LargeBinary, nullable=False),
    Column("sent", Boolean, nullable=False),
    PrimaryKeyConstraint("shelf", "name"),
)
