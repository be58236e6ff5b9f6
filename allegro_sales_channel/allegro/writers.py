"""Who writes to Allegro: each thing that it is told belongs to one of these.

``AllegroClient.send`` wants one of them named, so that nothing is written that a seller
can't switch off.
"""

STATUS = "status"
PARCEL = "parcel"
INVOICE = "invoice"
STOCK = "stock"
PRICE = "price"
SHIPMENT = "shipment"
REFUND = "refund"
MESSAGE = "message"

WRITERS = (STATUS, PARCEL, INVOICE, STOCK, PRICE, SHIPMENT, REFUND, MESSAGE)


def check(writer):
    """:raises ValueError: when there is no such writer: a mistake in the program"""
    if writer not in WRITERS:
        raise ValueError(f"{writer!r} is none of the writers {', '.join(WRITERS)}")
