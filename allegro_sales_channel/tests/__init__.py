from . import test_fulfilment, test_fulfilment_deliveries, test_import
