"""Tests of what a reviewer does."""
