from . import test_fulfilment, test_import
