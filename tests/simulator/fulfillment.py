"""The seller's status of an order: the rules, whoever changes it (digest section 6)."""

STATUSES = (
    "NEW",
    "PROCESSING",
    "READY_FOR_SHIPMENT",
    "READY_FOR_PICKUP",
    "SENT",
    "PICKED_UP",
    "CANCELLED",
    "SUSPENDED",
    "RETURNED",
)
#: Set by Allegro alone.
RETURNED = "RETURNED"
#: Changes of one order, for ever (issues 11908, 3652).
MOST_CHANGES = 100


def change_status(world, order, status):
    """Any status after any other; ``updatedAt`` and ``revision`` don't move.

    Setting the same status again counts as a change but is not told in the journal.
    """
    order.status_changes += 1
    if order.fulfillment_status == status:
        return
    order.form["fulfillment"] = order.form["fulfillment"] | {"status": status}
    world.journal.emit(order, "FULFILLMENT_STATUS_CHANGED")
