from . import test_import, test_invoice, test_money
