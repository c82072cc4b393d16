"""Who runs what when Bastide was started by root: never root, but for the supervisor.

PostgreSQL refuses to run as root, and what reads strangers' bytes from the network should not. A system
account each is made at the first start. Nothing is opened to others: where a parent folder is closed (say
/root), the account is given the right to pass through it, and no more, by an access control list (acl(5)).
"""

import errno
import os
import pwd
import shutil
import stat
import struct
import subprocess
from pathlib import Path

from bastide.engines.errors import EngineError
from bastide.engines.process import Account

_ACL = "system.posix_acl_access"
_ACL_VERSION = 2
_OWNER, _USER, _GROUP, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x10, 0x20
_NOBODY = 0xFFFFFFFF
_PASS = 0o1


def own_account(name: str) -> Account | None:
    """Give the account a process shall run as; None when Bastide itself does not run as root.

    Makes the system account when it is not there yet. Raises EngineError when it cannot.
    """
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        entry = _make(name)
    return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)


def _make(name: str) -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd is None:
        raise EngineError(
            f"Root may not run this, and the account {name} cannot be made: useradd is missing. "
            "Install the package 'passwd', or start Bastide as an ordinary user."
        )
    made = subprocess.run(  # noqa: S603 -- a fixed command
        [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
         "--shell", "/usr/sbin/nologin", name],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        return pwd.getpwnam(name)
    except KeyError:
        raise EngineError(f"The account {name} cannot be made: {made.stderr.strip()}") from None


def let_pass(account: Account, to: Path) -> None:
    """Let the account reach `to`: give it the right to pass through (not look into) each closed folder above.

    Raises EngineError, with what to do, where the file system has no access control lists.
    """
    _let_into(account, to.resolve().parent)


def let_run(account: Account, program: Path) -> None:
    """Let the account reach a program, by every symbolic link on the way. Raises EngineError as `let_pass` does."""
    hop = program.absolute()
    _let_into(account, hop.parent)
    while hop.is_symlink():
        hop = hop.parent / hop.readlink()
        _let_into(account, hop.parent)


def _let_into(account: Account, folder: Path) -> None:
    inmost = folder.resolve()
    for each in (*reversed(inmost.parents), inmost):
        if not _may_pass(account, each):
            try:
                _grant_pass(account, each)
            except OSError as error:
                raise EngineError(
                    f"{account.name} cannot enter {each} ({error.strerror}). "
                    f"Run: chmod o+x {each} — or move Bastide to another folder."
                ) from error


def give(account: Account, folder: Path) -> None:
    """Make a folder and all in it the account's, unless the folder is already.

    The folder itself comes last, closed to the account until then: what is cut short is done again by the next start,
    and nobody can have put a link into our way.
    """
    if folder.lstat().st_uid == account.uid:
        return
    for _, folders, files, here in os.fwalk(folder, topdown=False):
        for name in (*folders, *files):
            os.chown(name, account.uid, account.gid, dir_fd=here, follow_symlinks=False)
    os.chown(folder, account.uid, account.gid, follow_symlinks=False)


def _may_pass(account: Account, folder: Path) -> bool:
    state = folder.stat()
    if state.st_uid == account.uid:
        return bool(state.st_mode & stat.S_IXUSR)
    entries = _entries(folder)
    for tag, rights, who in entries:
        if tag == _USER and who == account.uid:
            return bool(rights & _bound(entries) & _PASS)
    if state.st_gid == account.gid:
        return bool(state.st_mode & stat.S_IXGRP)
    return bool(state.st_mode & stat.S_IXOTH)


def _entries(folder: Path) -> list[tuple[int, int, int]]:
    """Read the list as (tag, rights, who), or make the one that says what the mode bits say."""
    try:
        raw = os.getxattr(folder, _ACL)
    except OSError as error:
        if error.errno not in (errno.ENODATA, errno.EOPNOTSUPP):
            raise
        mode = folder.stat().st_mode
        return [
            (_OWNER, mode >> 6 & 7, _NOBODY),
            (_GROUP, mode >> 3 & 7, _NOBODY),
            (_OTHER, mode & 7, _NOBODY),
        ]
    return list(struct.iter_unpack("<HHI", raw[4:]))  # pyright: ignore[reportReturnType] -- the format is fixed


def _bound(entries: list[tuple[int, int, int]]) -> int:
    """Give the mask, which bounds what groups and users by name get (chmod changes it)."""
    return next((rights for tag, rights, _ in entries if tag == _MASK), 0o7)


def _grant_pass(account: Account, folder: Path) -> None:
    before = _entries(folder)
    bound = _bound(before)  # what the mask took away so far must stay away
    entries = [
        (tag, rights if tag in (_OWNER, _OTHER) else rights & bound, who)
        for tag, rights, who in before
        if tag != _MASK and not (tag == _USER and who == account.uid)
    ]
    entries.append((_USER, _PASS, account.uid))
    mask = 0
    for tag, rights, _ in entries:
        mask |= 0 if tag in (_OWNER, _OTHER) else rights
    entries.append((_MASK, mask, _NOBODY))
    entries.sort(key=lambda entry: (entry[0], entry[2]))
    raw = struct.pack("<I", _ACL_VERSION) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    os.setxattr(folder, _ACL, raw)
