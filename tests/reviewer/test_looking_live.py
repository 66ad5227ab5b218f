"""A visit to an intake that really runs finds nothing to complain of."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

from reviewer.clients import of_this_release
from reviewer.looking import Visitors, go
from reviewer.socks import way
from reviewer.walks import WALKS, in_language
from reviewer.watch import Known, compare
from tests.submission.live import LiveIntake
from wire.week import Week

WORDS = Path(__file__).parents[2] / "crypto" / "words" / "eff_long.txt"


def test_honest_intake_that_really_runs_raises_no_alarm(tmp_path: Path) -> None:
    """Its pages, headers, roster and key sheet pass, and every visit for one aim in a language finds the same pages."""
    intake = LiveIntake(tmp_path)
    intake.start()
    try:
        intake.open()
        organisation, today = intake.organisation, datetime.now(UTC).date()
        known = Known(
            roster=organisation.roster,
            root=bytes(organisation.root.verify_key),
            rosters=(organisation.roster_envelope,),
            keys={(str(Week.of(today)), one): key.recipient.raw for one, key in organisation.period.items()},
            open=True,
            today=today,
            clients=of_this_release(bytes(organisation.root.verify_key), organisation.roster_envelope.encode()),
            words=hashlib.sha256(WORDS.read_bytes()).digest(),
            widths={Week.of(today): 0},
        )
        visitors = Visitors("127.0.0.1", intake.port, lambda: way("127.0.0.1", None))
        found = [
            compare(go(visitors, in_language(walk, language, "en"), lambda _least, _most: None, "en"), known)
            for language in ("en", "fr", "en", "fr")
            for walk in WALKS
        ]
    finally:
        intake.stop()

    assert {each.differences for each in found} == {()}
    once = found[: 2 * len(WALKS)]
    assert found == once * 2
    assert len({each.pages for each in once} - {None}) == len(once)
