"""Where things are: this clone, and the cache that all clones of a user share."""

import ast
import hashlib
import os
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
_MANIFESTS = {
    file.parent.name: ast.literal_eval(file.read_text())
    for file in sorted(REPOSITORY.glob("*/__manifest__.py"))
}
#: All addons of this project.
ADDONS = list(_MANIFESTS)
#: The one that the others build on.
BASE = "allegro_sales_channel"
#: Those that a seller ticks on beside it. The others install themselves.
COMPANIONS = [
    name
    for name, manifest in _MANIFESTS.items()
    if name != BASE and not manifest.get("auto_install")
]

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
