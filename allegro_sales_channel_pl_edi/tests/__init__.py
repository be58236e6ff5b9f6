from . import test_ksef
from . import test_ksef_chain
