from . import account_move
from . import account_tax
from . import res_company
