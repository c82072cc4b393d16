"""What the terminal's commands have in common: reading their words, and reaching the instance that these are about."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import NoReturn

import msgspec

from bastide.house import House
from bastide.settings import Settings, SettingsError, load_known
from bastide.terminal.running import running_house
from bastide.terminal.words import Words, words_for


class Parser(argparse.ArgumentParser):
    """Reads a command's own words; what it cannot read is told in a sentence that names the command."""

    def error(self, message: str) -> NoReturn:
        """Refuse.

        Raises:
            SettingsError: always.
        """
        command = " ".join(
            self.prog.split()[:2]
        )  # a word of the command has a parser and a longer name of its own
        raise SettingsError(f"{message[:1].upper()}{message[1:]}. See {command} --help.")


class Typed(msgspec.Struct, frozen=True):
    """A command as it was typed: for which instance, what its own words ask for, in which language to answer."""

    settings: Settings
    given: argparse.Namespace
    words: Words

    def house(self) -> AbstractAsyncContextManager[House]:
        """The running instance (`running_house`)."""
        return running_house(self.settings, self.words)


def typed(own: Parser, argv: Sequence[str], environ: Mapping[str, str]) -> Typed:
    """Read a command; options of `./bastide up` may stand among its own words.

    Raises:
        SettingsError: words that cannot be understood.
    """
    settings, rest = load_known(argv, environ)
    return Typed(settings, own.parse_args(rest), words_for(environ))


def say(text: str) -> None:
    """Answer."""
    print(text, file=sys.stdout)  # noqa: T201
