"""Is it the same money everywhere: order, Allegro, invoice, KSeF file, ledger?

Each check names what differs. Nothing is taken from how the file is made: it is read
as KSeF gets it, and compared with the ledger.
"""

import os
import random
from decimal import Decimal
from pathlib import Path

from lxml import etree

from odoo.addons.allegro_sales_channel_pl_edi.fa3_schema import SCHEMAS, official_schema

FA3 = {"f": "http://crd.gov.pl/wzor/2025/06/25/13775/"}
CENT = Decimal("0.01")
#: Sums of FA(3): net, tax, tax in złoty, and the percentage of what is sold at home.
_SUMS = (
    ("P_13_1", "P_14_1", "P_14_1W", 23),
    ("P_13_2", "P_14_2", "P_14_2W", 8),
    ("P_13_3", "P_14_3", "P_14_3W", 5),
    ("P_13_5", "P_14_5", None, None),
    ("P_13_6_1", None, None, 0),
    ("P_13_6_2", None, None, 0),
    ("P_13_7", None, None, 0),
)
#: P_12 -> where its net is summed up.
_NET_OF = {
    "23": "P_13_1",
    "8": "P_13_2",
    "5": "P_13_3",
    "0 KR": "P_13_6_1",
    "0 WDT": "P_13_6_2",
    "zw": "P_13_7",
    None: "P_13_5",
}


class Differs(Exception):
    """What is not as it has to be, in words."""


def same(what, *amounts):
    """
    :raises Differs: unless all are the same, to the cent
    """
    if len({exact(amount) for amount in amounts}) > 1:
        raise Differs(f"{what}: {' / '.join(str(exact(amount)) for amount in amounts)}")


def exact(amount):
    if isinstance(amount, Decimal):
        return amount.quantize(CENT)
    return Decimal(f"{amount or 0:.2f}")


def check_order(order, paid):
    """
    :param paid: what Allegro says is to pay
    """
    same("order and Allegro", order.amount_total, paid)
    same(
        "order and its lines",
        order.amount_total,
        sum(order.order_line.mapped("price_total")),
    )


def check_document(move, total):
    """
    :param total: what it has to come to, less than nought for a correction
    """
    sign = -1 if move.move_type == "out_refund" else 1
    same("document", sign * move.amount_total, total)
    same("net and tax", move.amount_total, move.amount_untaxed + move.amount_tax)
    _check_ledger(move, total)
    _check_file(move, _file_of(move), total)


def _check_ledger(move, total):
    lines = move.line_ids
    same("balance", sum(lines.mapped("balance")), 0)
    same("balance in the currency", sum(lines.mapped("amount_currency")), 0)
    due = lines.filtered(lambda line: line.display_type == "payment_term")
    same("receivable", sum(due.mapped("amount_currency")), total)
    rate = move.invoice_currency_rate
    for line in lines if rate == 1 else ():
        same(f"złoty of {line.name}", line.balance, line.amount_currency)


def _file_of(move):
    """:raises Differs: when KSeF would not take it"""
    troubles = move._l10n_pl_edi_check_mandatory_fields()
    if troubles:
        raise Differs(f"not sent: {troubles}")
    root = etree.fromstring(move._l10n_pl_edi_render_xml().encode())
    schema = official_schema(Path(os.environ.get("KSEF_SCHEMAS", SCHEMAS)))
    if not schema.validate(root):
        raise Differs(f"schema: {schema.error_log.last_error}")
    return root


def _check_file(move, root, total):
    charges = _amount(root, "SumaObciazen")
    same("P_15 and total", _amount(root, "P_15") + charges, total)
    net, tax = Decimal(), Decimal()
    rows = _rows_by_rate(root)
    for net_name, tax_name, zloty_name, percent in _SUMS:
        sold, taxed = _amount(root, net_name), _amount(root, tax_name)
        net += sold
        tax += taxed
        worths = rows.pop(net_name, [])
        same(f"{net_name} and its rows", sold, sum(worths, Decimal()))
        if percent is not None:
            # each row may have been rounded by itself, as net and as tax
            slack = CENT * (len(worths) + 1)
            if abs(sold * percent / 100 - taxed) > slack:
                raise Differs(f"{percent} %: {tax_name} {taxed} of {net_name} {sold}")
        if zloty_name and move.currency_id.name != "PLN":
            _check_zloty(move, tax_name, zloty_name, root)
    if rows:
        raise Differs(f"rows without a sum: {rows}")
    same("P_15", _amount(root, "P_15"), net + tax)
    tax_lines = move.line_ids.filtered(lambda line: line.display_type == "tax")
    same("tax and ledger", tax, -sum(tax_lines.mapped("amount_currency")))


def _check_zloty(move, tax_name, zloty_name, root):
    """What is owed to the tax office, in złoty, is what the ledger has."""
    tag = {"P_14_1": "K_20", "P_14_2": "K_18", "P_14_3": "K_16"}[tax_name]
    booked = move.line_ids.filtered(
        lambda line: line.display_type == "tax"
        and tag
        in {(name or "").lstrip("+-") for name in line.tax_tag_ids.mapped("name")}
    )
    same(
        f"{zloty_name} and ledger",
        _amount(root, zloty_name),
        -sum(booked.mapped("balance")),
    )


def _rows_by_rate(root):
    """What the rows say, by the sum in which they belong: {name: [P_11]}.

    In a correction what was before is taken off.
    """
    rows = {}
    for row in root.findall(".//f:FaWiersz", FA3):
        rate, worth, price, quantity, was = (
            row.findtext(f"f:{name}", namespaces=FA3)
            for name in ("P_12", "P_11", "P_9A", "P_8B", "StanPrzed")
        )
        worth = Decimal(worth or 0)
        if price and quantity:
            same("P_9A x P_8B and P_11", Decimal(price) * Decimal(quantity), worth)
        rows.setdefault(_NET_OF[rate], []).append(-worth if was else worth)
    return rows


def _amount(root, name):
    """Of an element that is there once, or not at all."""
    return Decimal(name and root.findtext(f".//f:{name}", namespaces=FA3) or 0)


# Corrections


def check_corrections(invoice, seed):
    """Take back a part, once or twice, and then all that is left."""
    chance = random.Random(seed)
    notes = invoice.browse()
    for _part in range(chance.randint(0, 2)):
        notes |= _correct(invoice, lambda line: _part_of(line, chance))
    notes |= _correct(invoice, _all_of)
    documents = invoice | notes
    for what in ("amount_untaxed_signed", "amount_tax_signed", "amount_total_signed"):
        same(f"{what} after all", sum(documents.mapped(what)), 0)
    same(
        "total in the currency after all",
        sum(documents.mapped("amount_total_in_currency_signed")),
        0,
    )
    accounts = {}
    for line in documents.line_ids:
        of_account = accounts.setdefault(line.account_id.code, [0, 0])
        of_account[0] += line.balance
        of_account[1] += line.amount_currency
    for account, (balance, amount) in accounts.items():
        same(f"account {account} after all", balance, 0)
        same(f"account {account} after all, in the currency", amount, 0)


def _correct(invoice, take):
    """
    :param take: function of a line of the dialog: fills in what is taken back
    :return: the posted credit note, none when nothing was taken back
    """
    action = invoice.action_allegro_correct()
    wizard = invoice.env[action["res_model"]].browse(action["res_id"])
    wizard.kind = "return"
    for line in wizard.line_ids:
        take(line)
    if not any(line.quantity or line.amount for line in wizard.line_ids):
        return invoice.browse()
    done = wizard.action_confirm()
    note = invoice.browse(done["res_id"])
    note.invoice_date = invoice.invoice_date
    note.action_post()
    check_document(note, -note.amount_total)
    return note


def _part_of(line, chance):
    pieces = int(line.left_quantity)
    line.quantity = chance.randint(0, max(pieces - 1, 0))


def _all_of(line):
    line.quantity = line.left_quantity
    if not line.left_quantity:
        line.amount = line.left_amount
