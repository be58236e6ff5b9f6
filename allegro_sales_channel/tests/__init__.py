from . import (
    test_import,
    test_invoice,
    test_invoice_pdf,
    test_invoice_tours,
    test_money,
    test_order_email,
)
