"""``KOR``: what the KSeF file of a credit note says of the invoice it corrects."""

from odoo import models

from ..fa3 import Fa3

#: TypKorekty: 1 counts for the day of the invoice, which was wrong from the start, and
#: 2 for that of the correction. Source: art. 29a(13) and (14) of the VAT act.
TYPES = {"return": "2", "discount": "2", "error": "1", "buyer_data": "1"}


class AllegroKsefCorrection(models.AbstractModel):
    """The part of ``account.move`` that writes corrections of Allegro's documents."""

    _name = "allegro.ksef.correction"
    _description = "Corrections in the KSeF files of Allegro's documents"

    def _allegro_write_correction(self, file):
        """What is corrected, by its number in KSeF if it has one: art. 106j(2)(2a)."""
        original = self.reversed_entry_id
        if self.move_type != "out_refund" or not original:
            return
        number = original.l10n_pl_edi_number
        if self.allegro_correction_reason:
            file.put("Fa", "PrzyczynaKorekty", self.allegro_correction_reason)
        file.put("Fa", "TypKorekty", self._allegro_correction_type())
        file.put(
            "Fa",
            "DaneFaKorygowanej",
            [
                ("DataWystFaKorygowanej", original.invoice_date.isoformat()),
                ("NrFaKorygowanej", original.name),
                *(
                    [("NrKSeF", "1"), ("NrKSeFFaKorygowanej", number)]
                    if number
                    else [("NrKSeFN", "1")]
                ),
            ],
        )
        if self.allegro_correction_kind == "buyer_data":
            file.put("Fa", "Podmiot2K", original._allegro_buyer_as_told())

    def _allegro_correction_type(self):
        """Of Odoo's own credit notes nobody says it: what lowers a sum is a return."""
        is_lower = not self.currency_id.is_zero(self.amount_total)
        return TYPES.get(self.allegro_correction_kind) or ("2" if is_lower else "1")

    def _allegro_buyer_as_told(self):
        """The buyer as in this invoice's own file, whatever is known of him today."""
        sent = self.l10n_pl_edi_attachment_id.raw
        content = sent.decode() if sent else self._l10n_pl_edi_render_xml()
        return Fa3(content).contents_of("Podmiot2", ["DaneIdentyfikacyjne", "Adres"])

    def _allegro_fa3_rows(self):
        """The rows of the file: of a correction those before it, and after.

        Differences alone could not tell a lower price from pieces that came back. What
        people credit beside the invoice's lines has nothing before.

        :return: list of the fields of each row
        """
        corrected = self._allegro_corrected_lines()
        original = self.reversed_entry_id
        lines = self._allegro_vat_lines()
        if self.move_type == "out_refund" and original:
            lines = lines.filtered(
                lambda line: not line._allegro_corrected_line(original)
            )
        rows = [line._allegro_fa3_fields() for line in lines]
        for line, before, after in corrected:
            if line._allegro_vat_kind():
                rows += line._allegro_fa3_before_and_after(before, after)
        return rows
