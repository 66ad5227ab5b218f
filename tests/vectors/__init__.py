"""Vectors that a second implementation can be tested with: how they are made, and how they are read."""
