"""Addresses at Allegro that hold an id: the one place where data gets into a path."""

import re

from .errors import AllegroDataError

#: Ids of forms, offers, documents, commands; those of shipments are in base64.
_ID = re.compile(r"[0-9A-Za-z_=-]{1,128}")


def path_of(template, **ids):
    """
    :param template: for instance ``/order/checkout-forms/{form_id}/shipments``
    :param ids: what stands in its places; from outside, so checked
    :raises AllegroDataError: naming the place, when what is to stand there is no id
    """
    for name, value in ids.items():
        if not isinstance(value, str) or not _ID.fullmatch(value):
            raise AllegroDataError(name, "is not an id", quoted=f"{value!r:.80}")
    return template.format(**ids)
