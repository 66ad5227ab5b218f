"""`lapwing intake`: everything that an operator does with an intake, each verb a program of its own.

`init` and `serve` are the intake's own; the others look at its state folder from outside.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Final

EXIT_USAGE: Final = 2

# verb -> (module:function, what it does). The intake's own two take the verb along; the others what stands after it.
OWN: Final = "submission.cli:main"
VERBS: Final[dict[str, tuple[str, str]]] = {
    "init": (OWN, "make a state folder from the organisation's root key and first roster"),
    "serve": (OWN, "serve a state folder"),
    "torrc": ("deploy.torrc:torrc_main", "let reviewers in, and print the lines for tor"),
    "address": ("deploy.address:address_main", "tell the onions' addresses, and note the visitors' in the settings"),
    "check": ("deploy.check:check_main", "say what is wrong, and what to do"),
    "backup": ("deploy.backup:backup_main", "save everything into one sealed file"),
    "notice": ("deploy.notice:notice_main", "send the reviewers their daily e-mail, the same every day"),
    "restore": ("deploy.restore:restore_main", "bring a backup back into new folders"),
}


def usage() -> str:
    """The verbs, one a line."""
    lines = ["usage: lapwing intake VERB [ARGUMENT …]", "", "verbs:"]
    lines += [f"  {verb:<8} {summary}" for verb, (_, summary) in VERBS.items()]
    return "\n".join([*lines, "", "Each tells its arguments with --help; docs/runbook.md tells the order."])


def main(arguments: list[str]) -> int:
    """Run `lapwing intake VERB …`; return the program's exit code, or 2 for a verb that does not exist."""
    if arguments and arguments[0] in {"help", "-h", "--help"}:
        print(usage())
        return 0
    if not arguments or arguments[0] not in VERBS:
        print(usage(), file=sys.stderr)
        return EXIT_USAGE
    words = VERBS[arguments[0]][0]
    module, function = words.split(":")
    program: Callable[[list[str]], int] = getattr(import_module(module), function)
    return program(arguments if words == OWN else arguments[1:])
