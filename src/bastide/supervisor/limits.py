"""How many open windows fit under the limit of open files: each takes one."""

import resource

_OWN = 300
"""Files that are open besides: the database's connections, what is being read and written, requests on their way."""


def windows_that_fit(limit: int, processes: int = 1) -> int:
    """How many windows may be open at once; `limit` files for each of `processes` that hold sockets."""
    return max(0, limit - _OWN) * processes


def file_limit() -> int | None:
    """How many files a process of ours may open; None where there is no limit."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return None if hard == resource.RLIM_INFINITY else hard


def sentence(limit: int | None, edges: int = 0) -> str:
    """What to tell of it at the start; `edges` hold the windows' connections in the application's place."""
    if limit is None:
        return "There is no limit to open files, and none to open windows."
    fit = windows_that_fit(limit, max(1, edges))
    told = f"{limit} files" if edges < 2 else f"{limit} files for each of {edges} edges"  # noqa: PLR2004
    return f"Up to about {fit} windows may be open at once ({told})."
