"""Kinds of orders by how they are delivered."""

from .. import buyer, lifecycle, panel
from .registry import kind


@kind("pickup-inpost", "paid online, InPost parcel locker", weight=12)
def pickup_inpost(draft):
    draft.add_lines()
    draft.deliver("inpost")


@kind("pickup-inpost-smart", "parcel locker with Smart!, delivery free", weight=6)
def pickup_inpost_smart(draft):
    draft.add_lines()
    draft.deliver("inpost", smart=True)


@kind("smart-with-cost", "Smart! whose delivery still costs something", weight=1)
def smart_with_cost(draft):
    draft.add_line()
    draft.deliver("inpost", smart=True)
    draft.discounted_delivery = draft.amount("4.99")


@kind("pickup-inpost-deposit", "parcel locker, Smart!, a deposit", weight=1)
def pickup_inpost_deposit(draft):
    draft.add_line(2, deposit=draft.amount("6.00"))
    draft.deliver("inpost", smart=True)


@kind("pickup-orlen-deposit", "ORLEN locker, lines with a deposit per unit", weight=1)
def pickup_orlen_deposit(draft):
    draft.add_line(2, deposit=draft.amount("6.00"))
    draft.add_line(1)
    draft.deliver("orlen")


@kind("pickup-onebox-deposit", "Allegro One Box, Smart!, a deposit", weight=1)
def pickup_onebox_deposit(draft):
    draft.add_line(3, deposit=draft.amount("1.00"))
    draft.deliver("one-box", smart=True)


@kind("courier", "paid online, DPD courier", weight=12)
def courier(draft):
    draft.add_lines()
    draft.deliver("dpd")


@kind("courier-with-message", "courier, with a message to the seller", weight=3)
def courier_with_message(draft):
    draft.add_line()
    draft.deliver("dpd")
    draft.message = "Proszę o dokładne zabezpieczenie paczki. Dziękuję!"


@kind("cod-courier", "cash on delivery, courier", weight=5)
def cod_courier(draft):
    draft.add_lines()
    draft.deliver("dpd-cod")
    draft.pay_by("CASH_ON_DELIVERY", provider=None)


@kind("cod-pickup", "cash on delivery, parcel locker, not collected yet", weight=2)
def cod_pickup(draft):
    draft.add_line()
    draft.deliver("inpost-cod")
    draft.pay_by("CASH_ON_DELIVERY", provider=None)


@kind("cod-pickup-booked", "cash on delivery, delivered, the cash booked by Allegro")
def cod_pickup_booked(draft):
    cod_pickup(draft)
    draft.acts = [_sent_whole, lambda world, order: buyer.book_cod(world, order)]


@kind("personal-pickup", "collected and paid at the seller's", weight=1)
def personal_pickup(draft):
    draft.add_line()
    draft.deliver("personal")
    draft.pay_by("CASH_ON_DELIVERY", provider=None)


@kind("three-packages", "30 pieces: delivery calculated for three packages", weight=1)
def three_packages(draft):
    draft.add_line(30)
    draft.deliver("dpd", packages=3)


@kind("one-fulfillment", "handled by Allegro's warehouse (One Fulfillment)", weight=1)
def one_fulfillment(draft):
    draft.add_line()
    draft.deliver("inpost", smart=True)
    draft.fulfillment_provider = "ALLEGRO"
    draft.acts = [lambda world, order: panel.set_status(world, order, "PROCESSING")]


@kind("cz-courier", "allegro.cz, koruna", weight=2, marketplace="allegro-cz")
def cz_courier(draft):
    draft.add_lines()
    draft.deliver("cz")


@kind("sk-pickup", "allegro.sk, euro, pickup point", weight=2, marketplace="allegro-sk")
def sk_pickup(draft):
    draft.add_line(3)
    draft.deliver("sk-pickup")


@kind("hu-pickup", "allegro.hu, forint, locker", weight=2, marketplace="allegro-hu")
def hu_pickup(draft):
    draft.add_lines()
    draft.deliver("hu-pickup")


@kind("hu-cod", "allegro.hu, forint, cash on delivery", marketplace="allegro-hu")
def hu_cod(draft):
    draft.add_line()
    draft.deliver("hu-cod")
    draft.pay_by("CASH_ON_DELIVERY", provider=None)


@kind("ukraine-export", "sent to Ukraine, serial numbers expected", weight=1)
def ukraine_export(draft):
    draft.speak("uk-UA")
    draft.add_line(serial_numbers_expected=True, hs_number="85115000")
    draft.deliver("ukraine")


@kind("guest-buyer", "the buyer has no account", weight=1)
def guest_buyer(draft):
    draft.buy_as_guest()
    draft.add_line()
    draft.deliver("dpd")


@kind("address-late", "announced as ready, but the address shows a minute later")
def address_late(draft):
    """Issues 2700 and 8497."""
    draft.add_line()
    draft.deliver("dpd")
    draft.acts = [lifecycle.show_filled_in_for_a_minute]


@kind("no-address", "pickup point abroad without any delivery address")
def no_address(draft):
    """Issue 8943."""
    draft.add_line()
    draft.deliver("inpost")
    draft.damages = [lambda form: form["delivery"].update(address=None)]


def _sent_whole(world, order):
    panel.add_parcel(world, order, "INPOST", "620000000000000000000001")
    panel.set_status(world, order, "SENT")
