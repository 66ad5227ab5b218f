"""Tests of the errands that sync a desk with the intake."""
