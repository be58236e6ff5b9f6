"""Overlays: what Allegro answers, changed on the way out.

The order itself stays what it is: when the overlay is gone, the truth shows again.
"""

import json

from . import path_edits


def lay_over(fault, answer):
    """Change the JSON of an answer where the overlay says.

    :return: whether it changed anything
    """
    try:
        whole = {"answer": json.loads(answer.get_data())}
    except ValueError:
        return False
    before = json.dumps(whole)
    for holder, key, may_add in list(_places(fault.order, whole)):
        for path, value in fault.edits.items():
            holder[key] = path_edits.put(holder[key], path, value, may_add)
    after = json.dumps(whole["answer"], ensure_ascii=False)
    # as text: to Python 1, 1.0 and true are the same
    if json.dumps(whole) == before:
        return False
    answer.set_data(after)
    return True


def _places(form_id, whole):
    """Where in an answer the order shows, as holder, key and whether keys may be added.

    Only the form itself may get new keys: an event repeats just a part of the form.

    :param form_id: None for the whole answer
    """
    answer = whole["answer"]
    if form_id is None or _at(answer, "id") == form_id:
        yield whole, "answer", True
        return
    forms = _list_at(answer, "checkoutForms")
    for index, form in enumerate(forms):
        if _at(form, "id") == form_id:
            yield forms, index, True
    for event in _list_at(answer, "events"):
        if _at(event, "order", "checkoutForm", "id") == form_id:
            yield event, "order", False


def _at(json_value, *keys):
    for key in keys:
        json_value = json_value.get(key) if isinstance(json_value, dict) else None
    return json_value


def _list_at(json_value, key):
    found = _at(json_value, key)
    return found if isinstance(found, list) else []
