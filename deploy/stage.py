"""Who and what the scripted story begins with: all processes running, and everybody holding what a person would."""

from dataclasses import dataclass, field

from deploy.checks import Checks
from deploy.material import BIG_SIZE, Material, make
from deploy.organisation import Organisation, link
from deploy.players import Prosecutor, Source
from deploy.processes import Processes
from deploy.reviewer_player import ReviewerPlayer


@dataclass
class Stage:
    """All that the steps share.

    Attributes:
        made: the organisation.
        checks: what held so far.
        material: what the source has.
        reviewers: the players of r1, r2 and r3.
        codenames: every codename that was used, and claim words; for searches afterwards.
    """

    made: Organisation
    checks: Checks
    material: Material
    reviewers: tuple[ReviewerPlayer, ...]
    source: Source
    prosecutor: Prosecutor
    codenames: list[str] = field(default_factory=list)


def start(
    made: Organisation,
    processes: Processes,
    checks: Checks,
    big_size: int = BIG_SIZE,
    wrapper: tuple[str, ...] = (),
) -> Stage:
    """Start everybody and give them what they begin with.

    Args:
        made: the organisation to play in.
        processes: where what is started is ended.
        checks: what will be counted.
        big_size: bytes of the source's big file.
        wrapper: a command to run the intake under.
    """
    made.start_intake(processes, wrapper)
    apps = [made.start_reviewer(processes, number) for number in (1, 2, 3)]
    desk = made.folder / "prosecutor"
    desk.mkdir()
    players = [ReviewerPlayer(link(app).rpartition("/enter/")[0], link(app)) for app in apps]
    return Stage(
        made=made,
        checks=checks,
        material=make(made.folder / "source", big_size),
        reviewers=tuple(players),
        source=Source(made.intake),
        prosecutor=Prosecutor(desk, made.office_key, made.root),
    )
