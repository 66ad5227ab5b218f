"""Seals, signatures and keys: bytes only, no web, no clock, no log, no tip."""
