"""Fuzzes each decoder for some seconds: `python -m tests.fuzz [--seconds N] [--keep] [TARGET…]`.

Ends with 1 as soon as a target broke, and says where the input lies. `--keep` adds to the corpus what reached something
new; `--list` names the targets.
"""

import argparse
import sys
from pathlib import Path

from tests.fuzz.run import keep, run
from tests.fuzz.targets import TARGETS


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Fuzz the decoders.")
    parser.add_argument("--seconds", type=int, default=10, help="for each target (default: 10)")
    parser.add_argument("--keep", action="store_true", help="add to the corpus what reached something new")
    parser.add_argument("--list", action="store_true", help="name the targets and end")
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"), help="folder for what broke a target")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="which ones (default: all)")
    asked = parser.parse_args()
    if unknown := [name for name in asked.targets if name not in TARGETS]:
        parser.error(f"no such target: {', '.join(unknown)}")
    for name in asked.targets or TARGETS:
        if asked.list:
            sys.stdout.write(f"{name}\n")
            continue
        ended = run(name, asked.seconds, asked.findings)
        sys.stdout.write(f"{name}: {ended}\n")
        sys.stdout.flush()
        if ended.broke:
            return 1
        if asked.keep:
            keep(name, ended)
    return 0


if __name__ == "__main__":
    sys.exit(main())
