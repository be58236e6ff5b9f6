from . import test_ksef, test_ksef_corrections, test_money
