"""Figures, each beside a peer or the limit of the machine: `python -m bench.intake`, `python -m bench.seal`."""
