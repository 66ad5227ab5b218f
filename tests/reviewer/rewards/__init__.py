"""Reward programmes, rule by rule."""
