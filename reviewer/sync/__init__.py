"""Syncing with the intake: each module one errand, each errand safe to break off and to do again."""
