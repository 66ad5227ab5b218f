"""Tests of the submission package."""
