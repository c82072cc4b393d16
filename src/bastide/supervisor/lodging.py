"""Where the application lodges: whom it runs as, and what in the data folder is its own.

Started by root, it runs as a system account that owns `blobs`, `secrets` and `app` and can pass through the folders
above them; the rest of the data folder stays root's and the engines'. Data folders of a time when the application ran
as root are taken over at the first start.
"""

import stat
import sys
from pathlib import Path

from bastide.engines.accounts import give, let_pass, let_run, own_account
from bastide.engines.errors import EngineError, writing
from bastide.engines.process import Account
from bastide.settings import ROOT, Settings

_ACCOUNT = "bastide-app"
_OWN = ("blobs", "secrets", "app")
# what the application reads: a clone made with a narrow umask would be closed to its account
_READ = (ROOT / "src" / "bastide", ROOT / "src" / "bastide" / "app.py", ROOT / "web" / "dist" / "index.html")


def lodge(settings: Settings) -> Account | None:
    """Make the application's folders, and give the account that it runs as; None when that is our own.

    Raises EngineError, with what to do: no account, no right to write, sources that only root may read.
    """
    account = own_account(_ACCOUNT)
    for name in _OWN:
        folder = settings.data / name
        with writing(folder):
            folder.mkdir(mode=0o700, exist_ok=True)
            if account is not None:
                give(account, folder)
    # once left there, with the demo's passphrase
    (settings.run / "welcome.json").unlink(missing_ok=True)
    if account is not None:
        let_pass(account, settings.run / "engines.json")
        let_run(account, Path(sys.executable))
        for path in filter(Path.exists, _READ):  # a window that is not built yet is nothing to read
            let_pass(account, path)
            _refuse_closed(path)
    return account


def _refuse_closed(path: Path) -> None:
    wanted = stat.S_IROTH | stat.S_IXOTH if path.is_dir() else stat.S_IROTH
    if path.stat().st_mode & wanted != wanted:
        raise EngineError(
            f"Only root may read {path}, and the application does not run as root. Run: chmod -R o+rX {path}"
        )
