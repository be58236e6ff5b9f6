"""What FA(3) tells apart in sales, by the lines' tags of the Polish VAT return."""

from typing import NamedTuple


class VatKind(NamedTuple):
    #: Tag of what is taxed, as Odoo's Polish taxes bear it.
    tag: str | None
    #: P_12 of the lines; None where the rate is another country's.
    rate: str | None
    #: Field of the net sum.
    net: str
    #: Tag of the tax, and field of its sum; None where there is none.
    tax_tag: str | None = None
    tax: str | None = None
    #: Taxed at the buyer's, who is known by a VAT number of the Union.
    is_to_union: bool = False
    #: The buyer pays the tax: "odwrotne obciążenie".
    is_reverse: bool = False


#: Taxed by the seller's margin alone, art. 120: told by the tax itself, which has no
#: tag, as nothing of the invoice's amounts goes into the VAT return.
MARGIN = VatKind(None, None, "P_13_11")

#: A line is of the first kind of which it bears the tag.
VAT_KINDS = (
    VatKind("OSS", None, "P_13_5", "OSS", "P_14_5"),
    VatKind("K_21", "0 WDT", "P_13_6_2", is_to_union=True),
    VatKind("K_22", "0 EX", "P_13_6_3"),
    VatKind("K_31", "oo", "P_13_10", is_reverse=True),
    VatKind("K_12", "np II", "P_13_9", is_to_union=True, is_reverse=True),
    VatKind("K_11", "np I", "P_13_8"),
    VatKind("K_10", "zw", "P_13_7"),
    VatKind("K_13", "0 KR", "P_13_6_1"),
    VatKind("K_19", "23", "P_13_1", "K_20", "P_14_1"),
    VatKind("K_17", "8", "P_13_2", "K_18", "P_14_2"),
    VatKind("K_15", "5", "P_13_3", "K_16", "P_14_3"),
    MARGIN,
)
