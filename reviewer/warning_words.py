"""What the pages call the ways in which going ahead could cost a source an award."""

from collections.abc import Mapping
from typing import Final

from reviewer.language import LazyText, lazy

HARM_WORDS: Final[Mapping[str, LazyText]] = {
    "file": lazy("The source must file themselves, or through a lawyer; what we pass on does not count for them:"),
    "counsel": lazy("The source stays anonymous only through a lawyer:"),
    "public": lazy("Once it is public, an award is less or lost:"),
    "deadline": lazy("A time runs:"),
}

PREPARED: Final[Mapping[str, LazyText]] = {
    "considered": lazy("We considered it"),
    "file": lazy("You must file yourself, until when"),
    "accepted": lazy("The authority took it up"),
    "refused": lazy("The authority refused"),
    "paid": lazy("A reward was paid"),
}
"""Where a claim stands, by the words of `reviewer.prepared_replies.STATES`."""
