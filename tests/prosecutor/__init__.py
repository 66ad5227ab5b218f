"""Tests of the prosecutor package."""
