"""The addon's words are Allegro's."""

import pytest

from allegro.statuses import MEANINGS
from tests.contract.spec import ContractError

_STATUS = "CheckoutFormFulfillmentStatus"


def test_each_status_of_the_table_is_one_of_the_contract(contract):
    for status in MEANINGS:
        contract.check_schema(_STATUS, status)
    with pytest.raises(ContractError):
        contract.check_schema(_STATUS, "INVENTED_LATER")
