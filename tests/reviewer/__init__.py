"""Tests of the reviewer package."""
