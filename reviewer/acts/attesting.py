"""Since when the letters of a case are known, from the log and from the letters in this vault."""

from reviewer.acts.desk_work import Look
from reviewer.attested import AllSaid, all_said
from reviewer.case import Case
from reviewer.desk import rosters
from reviewer.store import letters
from wire.letter import decode_content


def said_in(look: Look, case: Case) -> AllSaid:
    """Return what the source said and since when that was known, and what is wrong with that."""
    stored = letters.letters_of(look.connection, case.id)
    here = {one.name: decode_content(one.content) for one in stored if one.content is not None}
    return all_said(case, here, rosters(look.connection)[::-1])
