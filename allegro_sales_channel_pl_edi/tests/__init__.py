from . import test_ksef, test_ksef_chain, test_ksef_corrections, test_money
