"""The sealing client: what it must find and refuse, told by the Python that stands on the other side."""
