"""Asks for a passphrase on the terminal: never in an argument or a variable, where other programs could read it."""

import getpass
import os
import warnings
from collections.abc import Callable
from typing import Final

Ask = Callable[[str], str]
"""Takes the words of a prompt, gives the line that was typed, without its end."""

TERMINAL: Final = "/dev/tty"


class PassphraseError(Exception):
    """No passphrase was given, or the second time another one."""


def ask_on_terminal(prompt: str) -> str:
    """Return a line that was typed on the terminal, without showing it, whatever standard input is.

    Raises:
        PassphraseError: there is no terminal, or the input ended.
    """
    try:
        os.close(os.open(TERMINAL, os.O_RDWR | os.O_NOCTTY))
        with warnings.catch_warnings():
            # A terminal that would show what is typed is not asked.
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(prompt)
    except (OSError, EOFError, getpass.GetPassWarning):
        raise PassphraseError("there is no terminal to ask for a passphrase on: run this in one") from None


def new_passphrase(ask: Ask) -> str:
    """Return a passphrase that was typed twice alike.

    Raises:
        PassphraseError: none was given, or two different ones.
    """
    passphrase = ask("Passphrase (several words; whoever knows it can open the file): ")
    if not passphrase:
        raise PassphraseError("the passphrase is empty: choose one of several words")
    if ask("The same again: ") != passphrase:
        raise PassphraseError("the two passphrases differ: begin again")
    return passphrase


def known_passphrase(ask: Ask) -> str:
    """Return a passphrase that was typed once.

    Raises:
        PassphraseError: none was given.
    """
    passphrase = ask("Passphrase: ")
    if not passphrase:
        raise PassphraseError("the passphrase is empty: type the one that the file was sealed with")
    return passphrase
