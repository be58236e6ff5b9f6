"""What a tracking number tells, and the name of a delivery method."""

import pytest

from allegro import tracking_numbers


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
    assert tracking_numbers.split_waybills(text) == numbers


def test_what_can_be_no_number():
    assert tracking_numbers.waybill_problem("X" * 64) is None
    assert tracking_numbers.waybill_problem("X" * 65) == tracking_numbers.TOO_LONG
    for text in ("ż", "1\x002", "1\u200b2", "\U0001f4e6"):
        assert tracking_numbers.waybill_problem(text) == tracking_numbers.CHARACTERS


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
    assert tracking_numbers.carrier_of_waybill(waybill) == carrier


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
    assert tracking_numbers.carrier_of_method(name) == carrier
