"""The `lapwing` command: finds the program for a verb and hands over.

Each program is imported only when its verb is called, so that `lapwing seal` starts without a web framework.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from typing import Final

# verb -> (module:function, what it does). A function takes the arguments after the verb and returns an exit code.
VERBS: Final[dict[str, tuple[str, str]]] = {
    "demo": ("deploy.demo:main", "try Lapwing on this computer, with a throwaway organisation"),
    "intake": ("deploy.intake:main", "make, serve, check, save and restore an intake"),
    "reviewer": ("reviewer.cli:main", "make a reviewer's vault, and serve the app for it"),
    "keys": ("deploy.keys:main", "the organisation's root key and rosters, offline; identities of the age format"),
    "seal": ("deploy.seal:seal_main", "seal a file to recipients, or with a passphrase"),
    "unseal": ("deploy.seal:unseal_main", "open a sealed file"),
    "seal-tip": ("deploy.seal_tip:main", "seal a tip before coming to the intake"),
    "sealer": ("deploy.sealer:main", "make or check the offline sealer, one HTML file for sources"),
    "claim": ("deploy.claim:main", "proof of authorship without a name: challenge, sign, verify"),
    "dossier": ("prosecutor.cli:main", "open, verify and answer a dossier"),
}

EXIT_USAGE: Final = 2
EXIT_INTERRUPTED: Final = 130


def usage() -> str:
    """The verbs, one a line."""
    lines = ["usage: lapwing VERB [ARGUMENT …]", "", "verbs:"]
    lines += [f"  {verb:<10} {summary}" for verb, (_, summary) in VERBS.items()]
    return "\n".join(lines)


def target(verb: str) -> Callable[[list[str]], int]:
    """The program for a verb.

    Raises:
        KeyError: There is no such verb.
    """
    module, function = VERBS[verb][0].split(":")
    program: Callable[[list[str]], int] = getattr(import_module(module), function)
    return program


def main(arguments: list[str] | None = None) -> int:
    """Runs `lapwing VERB …`.

    Args:
        arguments: What stands after the program's name; by default what the process was started with.

    Returns:
        The program's exit code; 2 for a verb that does not exist, 130 after Ctrl-C.
    """
    words = sys.argv[1:] if arguments is None else arguments
    if words and words[0] in {"help", "-h", "--help"}:
        print(usage())
        return 0
    if not words or words[0] not in VERBS:
        print(usage(), file=sys.stderr)
        return EXIT_USAGE
    try:
        return target(words[0])(words[1:])
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
