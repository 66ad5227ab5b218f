"""What every page of a case begins with, and what every page may ask for."""

from dataclasses import dataclass
from typing import Final

from reviewer import words
from reviewer.acts.desk_work import Look
from reviewer.case import Case
from reviewer.language import LazyText, lazy
from reviewer.pages.forms import hex_value

TABS: Final[tuple[tuple[str, LazyText], ...]] = (
    ("case.show", lazy("Case")),
    ("conversation.show", lazy("Conversation")),
    ("exhibits.show", lazy("Exhibits")),
    ("rewards.show", lazy("Rewards")),
    ("dossiers.show", lazy("Dossier")),
    ("case.history", lazy("History")),
)


@dataclass(frozen=True)
class Head:
    """The head of a case's pages.

    Attributes:
        id: of the case, in hexadecimal.
        title: never empty on a page: the template has words for an empty one.
        status: in the reader's language.
        members: labels of who acts in it.
        assigned: labels of who takes it forward.
        held: whether something stops it.
        erased: whether it was erased.
        acting: whether this reviewer may act in it.
        from_tip: whether a source began it.
        tabs: endpoint and name of its pages.
    """

    id: str
    title: str
    status: LazyText
    members: tuple[str, ...]
    assigned: tuple[str, ...]
    held: bool
    erased: bool
    acting: bool
    from_tip: bool
    tabs: tuple[tuple[str, LazyText], ...]


def head(look: Look, case: Case) -> Head:
    """Return the head of a case's pages."""
    return Head(
        id=case.id.hex(),
        title=case.title,
        status=words.STATUS[case.status],
        members=tuple(look.label(one) for one in sorted(case.members)),
        assigned=tuple(look.label(one) for one in case.assigned),
        held=bool(case.holds),
        erased=case.erased,
        acting=look.desk.id in case.members and not case.erased,
        from_tip=case.from_tip,
        tabs=tuple(tab for tab in TABS if case.from_tip or tab[0] != "conversation.show"),
    )


def find_case(look: Look, untrusted_id: str) -> Case:
    """Return a case that this app can read, also one that the reviewer does not act in any more.

    Raises:
        ActError: there is none.
    """
    return look.readable(hex_value(untrusted_id, 16))
