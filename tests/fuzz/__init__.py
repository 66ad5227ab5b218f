"""Fuzzers of every decoder that takes bytes from outside: `python -m tests.fuzz --seconds N [target…]`."""
