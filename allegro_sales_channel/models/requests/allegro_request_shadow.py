"""What shadow mode would have told Allegro, against what is there by now.

A seller runs beside another program for some days, and sees here where the two differ.
"""

from collections import defaultdict
from dataclasses import dataclass

from odoo import models
from odoo.tools import split_every

from ...allegro import gate, statuses, writers
from ...allegro.errors import REFUSALS
from ..orders.allegro_account_journal import BATCH


@dataclass(frozen=True)
class Truth:
    """What Allegro has of an order.

    :ivar numbers: its tracking numbers; None when not asked for, or not answered
    :ivar documents: the numbers of its invoices; likewise
    """

    numbers: tuple[str, ...] | None = None
    documents: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Truths:
    """A piece of the comparison: dict of :class:`Truth` by the order's id."""

    by_order: dict[int, Truth]


class AllegroRequestShadow(models.AbstractModel):
    """The part of the kind ``proof`` that looks at the shadows of its period."""

    _name = "allegro.request.shadow"
    _description = "Comparison of shadow mode with Allegro"

    def _shadows(self, order_ids=None):
        """The trail's lines that are compared, oldest first.

        :param order_ids: of these orders; None for all
        """
        domain = [
            ("account_id", "=", self.account_id.id),
            ("state", "=", gate.SHADOW),
            ("create_date", ">=", self.date_from),
            ("create_date", "<=", self.date_to),
            ("order_id", "!=", False)
            if order_ids is None
            else ("order_id", "in", list(order_ids)),
        ]
        return self.env["allegro.trail"].search(domain, order="id")

    def _fetch_shadows(self, client):
        """Ask for what the trail can be compared with.

        :return: iterator of :class:`Truths`
        """
        # after an interruption it goes on behind the last order that was committed
        done = (self.sudo().position or {}).get("shadowed", 0)
        wanted = defaultdict(set)
        for line in self._shadows():
            if line.order_id.id > done:
                wanted[line.order_id].add(line.writer)
        asked = [
            (order.id, order.allegro_checkout_form_id, wanted[order])
            for order in sorted(wanted, key=lambda order: order.id)
        ]
        self.env["ir.cron"]._commit_progress()
        for piece in split_every(BATCH, asked):
            yield Truths(
                {
                    order_id: _ask(client, form_id, codes)
                    for order_id, form_id, codes in piece
                }
            )

    def _take_shadows(self, truths):
        """Compare a piece of the trail with what Allegro has."""
        lines = self._shadows(truths.by_order)
        for order, of_order in lines.grouped("order_id").items():
            truth = truths.by_order[order.id]
            judged = [
                *self._judge_status(order, of_order),
                *_judge(of_order, writers.PARCEL, "waybill", truth.numbers),
                *_judge(of_order, writers.INVOICE, "invoiceNumber", truth.documents),
            ]
            different = [judgement for judgement in judged if judgement["reason"]]
            self._proof_of(order.currency_id.name)._add(
                same=len(judged) - len(different),
                exceptions=[
                    {
                        "checkout_form_id": order.allegro_checkout_form_id,
                        "order_id": order.id,
                        **judgement,
                    }
                    for judgement in different
                ],
            )
        position = self.sudo().position or {}
        self.sudo().position = {**position, "shadowed": max(truths.by_order)}

    def _judge_status(self, order, lines):
        """Only the last status that an order would have had can be seen afterwards."""
        last = lines.filtered(lambda line: line.writer == writers.STATUS)[-1:]
        if not last:
            return []
        is_cancelled = order.allegro_status == statuses.CANCELLED
        there = statuses.CANCELLED if is_cancelled else order.allegro_fulfillment_status
        wanted = last.content["status"]
        is_same = statuses.is_fulfilled(wanted, there)
        return [_judgement("shadow_status", last, wanted, there or "", is_same)]


def _judge(lines, writer, key, there):
    """Is each of the numbers that would have been sent there?"""
    latest = {
        str(line.content[key]).upper(): line for line in lines if line.writer == writer
    }
    known = {number.upper() for number in there or ()}
    return [
        _judgement(
            f"shadow_{writer}",
            line,
            line.content[key],
            ", ".join(there or ()),
            number in known,
        )
        for number, line in latest.items()
    ]


def _judgement(reason, line, wanted, there, is_same):
    return {
        "reason": False if is_same else reason,
        "wanted": wanted,
        "wanted_at": line.create_date,
        "there": there,
    }


def _ask(client, form_id, codes):
    """
    :param codes: of the writers that would have told something of the order
    """
    try:
        numbers = documents = None
        if writers.PARCEL in codes:
            numbers = tuple(shipment.waybill for shipment in client.shipments(form_id))
        if writers.INVOICE in codes:
            documents = tuple(
                document.number or document.file_name or document.id
                for document in client.billing_documents(form_id)
                if document.uploaded_at
            )
    except REFUSALS:
        return Truth()  # gone: nothing of it is there
    return Truth(numbers, documents)
