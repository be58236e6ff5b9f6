"""What people paste when they mean an order: its number, or an address holding it."""

import re

_ID = re.compile(
    r"(?<![0-9a-f-])[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"(?![0-9a-f-])",
    re.IGNORECASE,
)


def form_ids_in(text):
    """The form ids in a text, each once, in the order in which they stand there.

    Allegro's number of an order is the id of its form; every address of an order, in
    the sales centre as in the API, holds it.
    """
    return list(dict.fromkeys(found.lower() for found in _ID.findall(text)))
