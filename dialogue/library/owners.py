"""Who may see and change what: everything in a library has an owner, and nobody else knows that it exists.

Every read and write of a meeting or a job goes through :func:`owned`. Who the user is, their caller says: the command
line trusts its user, a server authenticates them.
"""

from __future__ import annotations

LOCAL = "local"  # the one user of a library on one's own machine


def owned(user: str | None) -> tuple[str, list[str]]:
    """Return the condition of SQL that holds for what a user may see and change, and its values.

    Args:
        user: ``None`` is the keeper of the library, such as a worker, who sees everything.
    """
    return ("1", []) if user is None else ("owner = ?", [user])
