"""Merging what a test wants into a form."""

import copy

#: As a value: the key is taken away.
ABSENT = "__absent__"


def deep_merge(target, patch):
    """Objects are merged key by key; everything else is replaced.

    An object whose keys are numbers changes those items of a list:
    ``{"lineItems": {"0": {"price": {"amount": "abc"}}}}``.
    """
    if isinstance(target, list) and isinstance(patch, dict):
        merged = list(target)
        for index, value in patch.items():
            merged[int(index)] = deep_merge(merged[int(index)], value)
        return merged
    if not isinstance(target, dict) or not isinstance(patch, dict):
        return copy.deepcopy(patch)
    merged = dict(target)
    for key, value in patch.items():
        if value == ABSENT:
            merged.pop(key, None)
        else:
            merged[key] = deep_merge(merged.get(key), value)
    return merged
