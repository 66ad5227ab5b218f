"""The tests: path mirrors path."""
