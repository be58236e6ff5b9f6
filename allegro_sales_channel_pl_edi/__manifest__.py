{
    "name": "Allegro Sales Channel - KSeF",
    "summary": "KSeF files of Allegro invoices: the law's fields, the ledger's sums",
    "version": "19.0.1.1.0",
    "category": "Accounting/Localizations/EDI",
    "author": "Allegro Sales Channel contributors",
    "license": "LGPL-3",
    "website": "https://apps.odoo.com/apps/modules/19.0/allegro_sales_channel",
    "depends": ["allegro_sales_channel", "l10n_pl_edi"],
    "data": [
        "report/invoice_templates.xml",
        "views/account_tax_views.xml",
    ],
    "auto_install": True,
}
