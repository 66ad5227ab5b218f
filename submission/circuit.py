"""The line in front of each connection with which tor names the circuit that it came by.

`HiddenServiceExportCircuitID haproxy` writes it as version 1 of the PROXY protocol, with an address made of a number
that counts circuits and begins again with each start of tor: it names nobody. Any other would be a visitor's own.
"""

import re
from typing import Final

from submission.errors import NoRequestError

LONGEST: Final = 107
"""Bytes of the longest line that version 1 of the protocol allows, with its end."""
BEGINNING: Final = b"PROXY TCP6 fc00:dead:beef:4dad::"
"""What tor begins each line with (src/core/or/connection_edge.c); what goes on otherwise is not tor's."""
LINE: Final = re.compile(
    rb"PROXY TCP6 (fc00:dead:beef:4dad::[0-9a-f]{1,4}:[0-9a-f]{1,4}) ::1 ([1-9][0-9]{0,4}) ([1-9][0-9]{0,4})\r\n"
)
HIGHEST_PORT: Final = 65_535


def take_circuit(head: bytearray) -> str | None:
    """Take tor's line from the front of what a connection brought.

    Args:
        head: all that came so far; the line is removed from it.

    Returns:
        The circuit as an address, or None when the line is not there as a whole yet.

    Raises:
        NoRequestError: what came does not begin with such a line, and cannot become one.
    """
    if not BEGINNING.startswith(head[: len(BEGINNING)]):
        raise NoRequestError("a connection without tor's line; set HiddenServiceExportCircuitID haproxy")
    end = head.find(b"\r\n", 0, LONGEST)
    if end < 0 and len(head) < LONGEST:
        return None
    found = LINE.fullmatch(head, 0, end + 2)
    if found is None or max(int(found[2]), int(found[3])) > HIGHEST_PORT:
        raise NoRequestError("a connection with a line that is not tor's; let nothing but tor use these sockets")
    circuit = bytes(found[1]).decode("ascii")
    del found, head[: end + 2]
    return circuit
