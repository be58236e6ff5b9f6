"""The five minutes, and what a tracking number tells."""

from datetime import datetime, timedelta, timezone

import pytest

from allegro import fulfilment_rules as rules


def test_five_minutes_abroad():
    bought = datetime(2026, 9, 10, 8, tzinfo=timezone.utc)
    for marketplace in ("allegro-cz", "allegro-sk", "allegro-hu"):
        until = rules.cancellable_until(marketplace, bought)
        assert until - bought == timedelta(minutes=5)
    assert rules.cancellable_until("allegro-pl", bought) is None
    assert rules.cancellable_until(None, bought) is None


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (None, []),
        ("", []),
        (" ,;\r\n, ", []),
        ("123", ["123"]),
        ("123,456;789", ["123", "456", "789"]),
        ("6200 0000 0001\n 6200 0000 0002 \n", ["620000000001", "620000000002"]),
    ],
)
def test_several_numbers_in_one_text(text, numbers):
    assert rules.split_waybills(text) == numbers


def test_what_can_be_no_number():
    assert rules.waybill_problem("X" * 64) is None
    assert rules.waybill_problem("X" * 65) == rules.TOO_LONG
    for text in ("ż", "1\x002", "1\u200b2", "\U0001f4e6"):
        assert rules.waybill_problem(text) == rules.CHARACTERS


@pytest.mark.parametrize(
    ("waybill", "carrier"),
    [
        ("620000000000000000000001", "INPOST"),
        ("0000007268757Q", "DPD"),
        ("0000007268757q", "DPD"),
        ("1Z9999999999999999", "UPS"),
        ("JJD000390007827111111", "DHL"),
        ("RR123456789PL", "POCZTA_POLSKA"),
        ("00059007731234567890", "POCZTA_POLSKA"),
        ("Z1234567890", "PACKETA"),
        ("12345678901", None),
        ("A-1", None),
        ("", None),
    ],
)
def test_carrier_by_the_form_of_a_number(waybill, carrier):
    assert rules.carrier_of_waybill(waybill) == carrier


@pytest.mark.parametrize(
    ("name", "carrier"),
    [
        ("Allegro Paczkomaty InPost", "INPOST"),
        ("Allegro One Box, DPD", "DPD"),
        ("Allegro Automat ORLEN Paczka", "ORLEN"),
        ("Allegro Kurier UPS pobranie", "UPS"),
        ("Odbiór osobisty", None),
        ("Groups of parcels", None),
        (None, None),
    ],
)
def test_carrier_by_the_name_of_a_method(name, carrier):
    assert rules.carrier_of_method(name) == carrier
