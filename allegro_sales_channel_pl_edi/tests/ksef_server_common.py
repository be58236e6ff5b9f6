"""A company that is connected to a fake KSeF, and invoices on their way there."""

import base64
import importlib.util
import sys
import unittest
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

from cryptography.hazmat.primitives import serialization
from freezegun import freeze_time

from odoo.tools import mute_logger

from odoo.addons.allegro_sales_channel.tests.common import (
    company_invoice,
    form_json,
    line_json,
)
from odoo.addons.allegro_sales_channel.tests.test_invoice import InvoiceCommon
from odoo.addons.l10n_pl_edi.tools import ksef_api_service

NOON = datetime(2026, 9, 10, 12)
_FAKE = Path(__file__).resolve().parents[2] / "tests" / "ksef" / "__init__.py"
_CLIENT = "odoo.addons.l10n_pl_edi.tools.ksef_api_service"


def fake_ksef():
    """The package beside the addons in their repository.

    :raises unittest.SkipTest: when the addon is installed without its repository
    """
    name = "allegro_fake_ksef"
    if name not in sys.modules:
        if not _FAKE.exists():
            raise unittest.SkipTest("The fake KSeF is in the addon's repository only")
        spec = importlib.util.spec_from_file_location(name, _FAKE)
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


class KsefServerCommon(InvoiceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        package = fake_ksef()
        keys = importlib.import_module(f"{package.__name__}.keys")
        cls.answers = importlib.import_module(f"{package.__name__}.answers")
        cls.company.l10n_pl_edi_certificate = cls._certificate(keys)

    @classmethod
    def _certificate(cls, keys):
        pem = serialization.Encoding.PEM
        private = keys.own_key().private_bytes(
            pem,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        public = keys.certificate(keys.own_key(), "Test shop").public_bytes(pem)
        key = cls.env["certificate.key"].create(
            {
                "name": "Test shop",
                "content": base64.b64encode(private),
                "company_id": cls.company.id,
            }
        )
        return cls.env["certificate.certificate"].create(
            {
                "name": "Test shop",
                "content": base64.b64encode(public),
                "private_key_id": key.id,
                "company_id": cls.company.id,
            }
        )

    def setUp(self):
        super().setUp()
        self.ksef = self.enterContext(fake_ksef().FakeKsef())
        service = ksef_api_service.KsefApiService
        self.enterContext(
            patch.object(service, "_get_api_url", lambda _service: self.ksef.url)
        )
        # what it asks is Odoo's own client's to log
        self.enterContext(mute_logger(_CLIENT))
        self.env["ir.config_parameter"].set_param("l10n_pl_edi_ksef.mode", "test")
        settings = self.env["res.config.settings"].new({"company_id": self.company.id})
        settings._l10n_pl_edi_ksef_authenticate()
        self.clock = self.enterContext(freeze_time(NOON))

    def sold_to_a_company(self, **values):
        values.setdefault("invoice", company_invoice())
        form = form_json(line_json("VAT-23", "123.00"), **values)
        form["payment"]["paidAmount"] = form["summary"]["totalToPay"]
        [order] = self.import_forms(form)
        order._allegro_confirmed("SENT")
        return order

    def on_its_way(self):
        """An invoice after the first run."""
        order = self.sold_to_a_company()
        self.run_invoicing()
        return order.invoice_ids

    def later(self, **time):
        self.clock.tick(timedelta(**time))
        self.run_invoicing()
