"""Single values put into JSON at a path, such as ``lineItems[0].tax.rate``."""

import copy
import re

from .merge_patch import ABSENT

#: ``name``, ``[0]``, or ``[*]`` for every item of a list
_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+|\*)\]")


def steps_of(path):
    """
    :param path: empty for the whole
    :return: names as text, places in a list as numbers, ``...`` for all of them
    :raises ValueError: when it is no path
    """
    steps, end = [], 0
    for found in _STEP.finditer(path):
        if found.start() != end:
            break
        end = found.end()
        name, place = found.groups()
        steps.append(name or (... if place == "*" else int(place)))
    if end != len(path):
        raise ValueError(f"{path!r} is no path such as lineItems[0].tax.rate")
    return steps


def put(target, path, value, may_add=True):
    """The target with the value in that place; as it was where there is no such place.

    :param value: ``ABSENT`` takes the key, or the item, away
    :param may_add: whether an object may get a key that it did not have
    """
    return _put(target, steps_of(path), value, may_add)


def _put(target, steps, value, may_add):
    if not steps:
        return copy.deepcopy(value)
    step, rest = steps[0], steps[1:]
    if isinstance(target, list):
        return _put_into_list(target, step, rest, value, may_add)
    if not isinstance(target, dict) or not isinstance(step, str):
        return target
    if step not in target and (rest or not may_add):
        return target
    if not rest and value == ABSENT:
        return {key: kept for key, kept in target.items() if key != step}
    return target | {step: _put(target.get(step), rest, value, may_add)}


def _put_into_list(target, step, rest, value, may_add):
    meant = [i for i in range(len(target)) if step in (..., i)]
    if not rest and value == ABSENT:
        return [item for i, item in enumerate(target) if i not in meant]
    return [
        _put(item, rest, value, may_add) if i in meant else item
        for i, item in enumerate(target)
    ]
