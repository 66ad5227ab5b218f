"""One file of vectors while it is made."""

from dataclasses import dataclass, field
from typing import Any

from tests.vectors.fixed import headers
from tests.vectors.readers import OURS
from tests.vectors.shape import build


@dataclass
class Book:
    """One file of vectors.

    Attributes:
        kind: its name, and who reads it.
        about: what the input is, in one sentence.
        section: heading in docs/format.md.
        given: what the reader knows beforehand.
        keeps: headers that stand inside an input, kept all the same.
        vectors: those added so far.
        inputs: the bytes of each of them.
    """

    kind: str
    about: str
    section: str
    given: dict[str, Any] = field(default_factory=dict)
    keeps: tuple[str, ...] = ()
    vectors: list[dict[str, Any]] = field(default_factory=list)
    inputs: dict[str, bytes] = field(default_factory=dict)

    def accept(self, name: str, form: Any, **given: Any) -> bytes:
        """Add a vector that must be accepted; return its bytes."""
        data = self._add(name, form, given)
        self.vectors[-1]["accepted"] = OURS[self.kind](data, {**self._given(), **given})
        return data

    def refuse(self, error: str, name: str, form: Any, **given: Any) -> None:
        """Add a vector that must be refused with our class of error of that name."""
        self._add(name, form, given)
        self.vectors[-1]["refused"] = error

    def file(self) -> dict[str, Any]:
        """Return the file."""
        about = {"kind": self.kind, "about": self.about, "section": self.section}
        return {**about, "given": self._given(), "vectors": self.vectors}

    def _given(self) -> dict[str, Any]:
        used = {name: headers()[name] for name in sorted(self._headers(self.vectors) | set(self.keeps))}
        return {**self.given, "headers": used} if used else self.given

    def _headers(self, forms: Any) -> set[str]:
        if isinstance(forms, list):
            return {name for one in forms for name in self._headers(one)}
        if not isinstance(forms, dict):
            return set()
        below = {name for one in forms.values() for name in self._headers(one)}
        return below | {forms["sealed"]} if "nonce" in forms and "sealed" in forms else below

    def _add(self, name: str, form: Any, given: dict[str, Any]) -> bytes:
        if name in self.inputs:
            raise ValueError("two vectors of one name")
        self.vectors.append({"name": name, **({"given": given} if given else {}), "input": form})
        self.inputs[name] = build(form, self._given(), self.inputs)
        return self.inputs[name]
