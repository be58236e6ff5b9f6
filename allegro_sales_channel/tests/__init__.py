from . import (
    test_channel,
    test_connection,
    test_import,
    test_offer_matching,
    test_security,
    test_sync,
    test_token,
    test_tours,
    test_views,
)
