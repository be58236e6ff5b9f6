# The wings, each building only on those above it. The sales channel comes first: its
# table must exist when sale.order's column is made.
from . import channel  # isort: skip
from . import door, offers, orders, money, fulfilment  # isort: skip
from . import cancelling, invoicing, requests  # isort: skip
