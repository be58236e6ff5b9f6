from . import (
    test_cancel_by_seller,
    test_cancel_invoices,
    test_cancel_on_allegro,
    test_cancel_tours,
    test_import,
    test_stock_audit,
)
