"""Where things are: this clone, and the cache that all clones of a user share."""

import hashlib
import os
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
#: The addon, and those that go with it where others are installed.
ADDONS = sorted(file.parent.name for file in REPOSITORY.glob("*/__manifest__.py"))

CACHE = (
    Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    / "allegro_sales_channel"
)

#: Tells this clone's databases from another clone's on the same server.
CLONE = hashlib.sha256(str(REPOSITORY).encode()).hexdigest()[:8]


@contextmanager
def only_one(name):
    """Hold a lock across processes: two clones must not set up the same thing at once.

    :param name: of what is set up
    """
    import fcntl  # not on Windows, where only this command is missing

    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f"{name}.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
