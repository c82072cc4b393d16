"""PostgreSQL's own programs for a dump: they come with the embedded one, and serve others' just as well.

Passwords go by the environment, for their account's eyes only; everybody on a machine can read a command line.
"""

import subprocess
import threading
from collections.abc import Iterator
from typing import IO

import psycopg.conninfo

from bastide.backup.archive import CHUNK, PIECE
from bastide.backup.model import BackupError
from bastide.engines.postgres import MAJOR, programs
from bastide.engines.process import bare_environment

# Whoever restores owns what is restored; comments are nobody's here, and need rights of their own.
_PLAIN = ("--no-owner", "--no-privileges", "--no-comments")
_KNOWS_TRANSACTION_TIMEOUT = 17
_WORDS_KEPT = 2_000


def dump(url: str, snapshot: str, server: int) -> Iterator[bytes]:
    """A dump of one snapshot in PostgreSQL's custom format, in pieces of `PIECE` bytes, the last one shorter.

    Raises:
        BackupError: a server newer than our programs, or the program failed.
    """
    if server > MAJOR:
        raise BackupError("server-newer", server=str(server), ours=str(MAJOR))
    program = _Program(
        "pg_dump", url, "--format=custom", *_PLAIN, f"--snapshot={snapshot}", stdout=subprocess.PIPE
    )
    try:
        while piece := _read(program.stdout, PIECE):
            yield piece
        program.finish("dump")
    finally:
        program.end()


class Loading:
    """A restore into an empty database, fed piece by piece. All of it arrives, or nothing does."""

    def __init__(self, url: str, server: int) -> None:
        """`server` is the major version of the PostgreSQL at `url`."""
        self._sieve: threading.Thread | None = None
        self._script: _Program | None = None
        if server >= _KNOWS_TRANSACTION_TIMEOUT:
            self._target = _Program("pg_restore", url, *_PLAIN, "--single-transaction", stdin=subprocess.PIPE)
            self._into = self._target.stdin
        else:
            self._script = _Program(
                "pg_restore", None, *_PLAIN, "--file=-", stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )
            self._target = _Program(
                "psql", url, "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
                "--output=/dev/null", stdin=subprocess.PIPE,
            )  # fmt: skip
            self._into = self._script.stdin
            self._sieve = threading.Thread(
                target=_sieve, args=(self._script.stdout, self._target.stdin), daemon=True
            )
            self._sieve.start()

    def feed(self, data: bytes) -> None:
        """Hand over the next bytes of the dump."""
        try:
            self._into.write(data)
        except OSError as error:  # it has gone, and says why on its way out
            raise BackupError("restore", why=self._words()) from error

    def finish(self) -> None:
        """Wait until all is in the database. Raises BackupError when it is not."""
        try:
            self._into.close()
        except OSError as error:
            raise BackupError("restore", why=self._words()) from error
        if self._script is not None and self._sieve is not None:
            self._sieve.join()
            self._script.finish("restore")
        self._target.finish("restore")

    def end(self) -> None:
        """End it in whatever state; a transaction that did not end is undone."""
        for program in (self._script, self._target):
            if program is not None:
                program.end()

    def _words(self) -> str:
        for program in (self._script, self._target):
            if program is not None:
                program.wait()
        own = self._script.words() if self._script is not None else ""
        return own or self._target.words()


def _sieve(source: IO[bytes], target: IO[bytes]) -> None:
    """Pass a script on without the one setting that PostgreSQL before 17 does not know."""
    try:
        for line in source:
            if line == b"SET transaction_timeout = 0;\n":
                break
            target.write(line)
        while data := source.read(CHUNK):
            target.write(data)
        target.close()
    except OSError:
        source.close()  # the target has gone, and says why itself


class _Program:
    """One of PostgreSQL's programs, and what it says."""

    def __init__(
        self,
        name: str,
        url: str | None,
        *words: str,
        stdin: int = subprocess.DEVNULL,
        stdout: int = subprocess.DEVNULL,
    ) -> None:
        where, environment = [], bare_environment()
        if url is not None:
            parts = {key: str(value) for key, value in psycopg.conninfo.conninfo_to_dict(url).items()}
            if password := parts.pop("password", None):
                environment["PGPASSWORD"] = password
            where = ["--no-password", f"--dbname={psycopg.conninfo.make_conninfo('', **parts)}"]
        self._process = subprocess.Popen(  # noqa: S603 -- a program of ours
            [programs() / name, *where, *words],
            stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, env=environment,
        )  # fmt: skip
        self._said = b""
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    @property
    def stdin(self) -> IO[bytes]:
        if self._process.stdin is None:
            raise RuntimeError("it reads nothing")
        return self._process.stdin

    @property
    def stdout(self) -> IO[bytes]:
        if self._process.stdout is None:
            raise RuntimeError("it says nothing")
        return self._process.stdout

    def words(self) -> str:
        """The first thing that it complained of, without the rows it speaks of."""
        lines = self._said.decode(errors="replace").splitlines()
        return next((line for line in lines if "error" in line.lower()), lines[0] if lines else "")

    def wait(self) -> int:
        code = self._process.wait()
        self._listening.join()
        return code

    def finish(self, what: str) -> None:
        code = self.wait()
        if code != 0:
            raise BackupError("dump" if what == "dump" else "restore", why=self.words() or f"exit {code}")

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None and not stream.closed:
                try:
                    stream.close()
                except OSError:
                    continue  # what it did not read any more
        self._listening.join()

    def _listen(self) -> None:
        stream = self._process.stderr
        if stream is None:
            return
        with stream:
            for line in stream:
                if len(self._said) < _WORDS_KEPT:
                    self._said += line


def _read(stream: IO[bytes], size: int) -> bytes:
    """Exactly `size` bytes, or what is left."""
    return stream.read(size)
