"""Programme files as tests write them."""

SMALL = """
id = "xx-one"
name = { en = "One", fr = "Un" }
jurisdiction = "XX"
citation = "Act 1"
checked = 2026-11-24
wildlife = true
amount = "not_set"
anonymity = "silent"
sources = ["a book"]
unverified = ["Perhaps a share."]

[says]
award = ["No amount is set."]

[[forms]]
name = "Form 1"
text = "The source files it."

[[rules]]
kind = "officer"
citation = "Act 1, section 2"
of = "own"

[[rules]]
kind = "filing"
citation = "Act 1, section 3"
form = "Form 1"
"""


def changed(old: str, new: str) -> bytes:
    """Return the small file with one piece of it changed."""
    assert old in SMALL
    return SMALL.replace(old, new, 1).encode()
