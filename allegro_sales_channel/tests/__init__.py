from . import (
    test_fulfilment,
    test_fulfilment_deliveries,
    test_fulfilment_tours,
    test_import,
)
