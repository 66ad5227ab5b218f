"""What the pages and the calendar call the steps of a reward programme."""

from collections.abc import Mapping
from typing import Final

from reviewer.language import LazyText, lazy

STEPS: Final[Mapping[str, LazyText]] = {
    "considered": lazy("considered"),
    "source_told": lazy("source told"),
    "filed": lazy("filed"),
    "accepted": lazy("accepted"),
    "determination": lazy("decision on the award"),
    "award": lazy("award"),
    "paid": lazy("paid"),
    "refused": lazy("refused"),
    "appealed": lazy("appealed"),
}
"""A step that was done, and where a programme then stands."""

STATES: Final[Mapping[str, LazyText]] = {"planned": lazy("nothing done yet"), **STEPS}

DUE: Final[Mapping[str, LazyText]] = {
    "considered": lazy("Consider it"),
    "source_told": lazy("Tell the source"),
    "filed": lazy("Filing of the form"),
    "accepted": lazy("Acceptance"),
    "determination": lazy("Decision on the award"),
    "award": lazy("Award"),
    "paid": lazy("Payment"),
    "refused": lazy("Refusal"),
    "appealed": lazy("Appeal"),
}
"""The same while it is still to be done."""

WHO: Final[Mapping[str, LazyText]] = {
    "source": lazy("the source themselves"),
    "counsel": lazy("a lawyer for the source"),
    "organisation": lazy("our organisation"),
    "authority": lazy("the authority"),
}

REMINDER: Final = lazy("%(programme)s: %(step)s, case %(case)s")
"""In a calendar, which may leave this computer: nothing of the case but a few characters of its number."""
