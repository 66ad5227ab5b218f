"""Tests of the page's script in a browser, at a real intake."""
