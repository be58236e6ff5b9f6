"""A company's access to KSeF: what is wrong with it is said once, not per document."""

from datetime import timedelta

from odoo import fields, models

from odoo.addons.allegro_sales_channel.models.door import pauses

#: What people mend, such as a certificate, is seen within the hour.
_LONGEST_PAUSE = timedelta(hours=1)


class ResCompany(models.Model):
    _inherit = "res.company"

    allegro_ksef_problem = fields.Text(
        "KSeF is out of reach",
        copy=False,
        readonly=True,
        help="Allegro's documents wait until it is over. They are tried again by"
        " themselves.",
    )
    allegro_ksef_failures = fields.Integer(copy=False, readonly=True)
    allegro_ksef_next_try_at = fields.Datetime(copy=False, readonly=True)

    def _allegro_ksef_is_paused(self):
        self.ensure_one()
        moment = self.allegro_ksef_next_try_at
        return bool(moment and moment > fields.Datetime.now())

    def _allegro_ksef_trouble(self, error):
        """Nothing more is sent or asked for a while.

        :param error: ``KsefTroubleError``
        """
        self.ensure_one()
        pause = pauses.growing(self.allegro_ksef_failures, _LONGEST_PAUSE)
        if error.retry_after:
            pause = max(pause, timedelta(seconds=error.retry_after))
        moment = fields.Datetime.now() + pause
        self.write(
            {
                "allegro_ksef_problem": str(error),
                "allegro_ksef_failures": self.allegro_ksef_failures + 1,
                "allegro_ksef_next_try_at": moment,
            }
        )
        self.env["allegro.account"]._wake("invoice", moment)

    def _allegro_ksef_works(self):
        """What was wrong is over."""
        if self.allegro_ksef_problem:
            self.write(
                {
                    "allegro_ksef_problem": False,
                    "allegro_ksef_failures": 0,
                    "allegro_ksef_next_try_at": False,
                }
            )

    def _allegro_has_ksef(self):
        self.ensure_one()
        # sudo: who sells need not see the company's certificate
        return self.sudo().l10n_pl_edi_register

    def _allegro_document_settings(self):
        return super()._allegro_document_settings() | {"l10n_pl_edi_certificate"}
