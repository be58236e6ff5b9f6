from . import test_ksef, test_money
