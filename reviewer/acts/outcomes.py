"""Outcomes that offices reported and this reviewer has not looked at yet."""

from reviewer.acts.desk_work import Look
from reviewer.case import Case
from reviewer.desk import Desk
from reviewer.rewards.outcomes import reported_outcomes
from reviewer.store import keys


def new_outcomes(look: Look, case: Case) -> int:
    """Return how many outcomes came into a case after this reviewer last looked at its rewards."""
    return max(0, len(reported_outcomes(case, ())) - int(keys.get_property(look.connection, _name(case)) or b"0"))


def outcomes_seen(desk: Desk, case: Case, count: int) -> None:
    """Keep in the vault how many outcomes of a case this reviewer has looked at."""
    with desk.vault.begin() as connection:
        keys.set_property(connection, _name(case), str(count).encode())


def _name(case: Case) -> str:
    return f"outcomes/{case.id.hex()}"
