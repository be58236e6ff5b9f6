"""Lists of things that have nothing to do with each other."""

import logging

from .errors import AllegroDataError
from .values import LONGEST_LIST, JsonObject

_logger = logging.getLogger(__name__)


def read_each(answer, key, read, most=LONGEST_LIST, *, may_be_none=False):
    """What can be read of a list: one bad item must not hide the others.

    :param answer: ``JsonObject`` with the list, which must be there
    :param read: what makes something of the ``JsonObject`` of one item
    :param most: how many items make sense
    :param may_be_none: be content when none of them can be read
    :return: list, in their order
    :raises AllegroDataError: when there are items, and none of them can be read
    """
    found, first_problem = [], None
    for index, item in enumerate(answer.list(key, most)):
        try:
            found.append(read(JsonObject(item, answer.path_of_item(key, index))))
        except AllegroDataError as problem:
            # the place, not the problem: that quotes what may be a person's
            _logger.warning("Left out of Allegro's answer: %s", problem.for_log)
            first_problem = first_problem or problem
    if first_problem and not found and not may_be_none:
        raise first_problem
    return found
