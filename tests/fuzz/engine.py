"""One fuzzer, in a process of its own: `python -m tests.fuzz.engine MODULE TARGET [libFuzzer's options…]`.

libFuzzer ends the process itself, with a code of its own where it found something: an error that is not the decoder's,
an input that takes too long, too much memory.
"""

import importlib
import sys
from typing import Any

INSTRUMENTED = ["crypto", "wire"]


def main() -> None:
    """Fuzz a target of the module that is named first."""
    # Has no types, and is not there on every machine.
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=INSTRUMENTED):
        targets: Any = importlib.import_module(sys.argv.pop(1))
    name = sys.argv.pop(1)
    atheris.Setup(sys.argv, targets.TARGETS[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
