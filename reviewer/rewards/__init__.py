"""Reward programmes: what each asks for, what a case answers, and what follows from the law."""
