"""Everything that a reset makes anew."""

import random
from dataclasses import dataclass, field

from .catalogue import Catalogue
from .faults import Faults
from .journal import Journal
from .orders import Orders
from .people import People
from .rate_limit import RateLimit
from .tokens import Tokens

DEFAULT_SEED = 2026


@dataclass
class Seller:
    """
    :param sent_when_waybill_added: the subscription by which Allegro sets SENT itself
        when a parcel is added (issue 3239)
    :param sandbox: lists of carriers and delivery methods are those of the sandbox
    """

    login: str
    id: str
    first_name: str
    last_name: str
    company: str
    tax_id: str
    features: tuple[str, ...] = ()
    sent_when_waybill_added: bool = False
    sandbox: bool = False


@dataclass
class App:
    """
    :param redirect_uris: the exact ones allowed; None for any on this machine
    """

    client_id: str
    client_secret: str
    name: str
    redirect_uris: list[str] | None = field(default=None)


_SELLERS = (
    Seller(
        "czesci_pewne",
        "44000001",
        "Irena",
        "Pewna",
        "Pewne Części Irena Pewna",
        "7791000018",
        ("SUPER_SELLER", "ONE_FULFILLMENT"),
    ),
    Seller(
        "demontaz_kos",
        "44000002",
        "Kazimierz",
        "Kos",
        "Demontaż Kos Sp. z o.o.",
        "7822000027",
    ),
)


class World:
    def __init__(self, clock, seed):
        self.clock = clock
        self.seed = seed
        self.random = random.Random(seed)
        self.sellers = {}
        for seller in _SELLERS:
            self.add_seller(Seller(**vars(seller)))
        self.apps = {}
        for suffix in ("", "-2"):
            self.add_app(
                App(
                    f"simulator-client-id{suffix}",
                    f"simulator-client-secret{suffix}",
                    f"Simulator application{suffix}",
                )
            )
        self.tokens = Tokens(clock, self.random)
        self.rate_limit = RateLimit(clock)
        self.faults = Faults(self.random, clock)
        self.people = People(self.random)
        self.catalogue = Catalogue([seller.login for seller in _SELLERS])
        self.orders = Orders(clock)
        self.journal = Journal(clock, self.faults, lambda login: self.sellers[login].id)

    def new_id(self):
        """Of the shape of Allegro's ids (UUID version 1)."""
        bits = self.random.getrandbits
        start = f"{bits(32):08x}-{bits(16):04x}-11f1"
        return f"{start}-{0x8000 | bits(14):04x}-{bits(48):012x}"

    def add_seller(self, seller):
        self.sellers[seller.login] = seller
        return seller

    def add_app(self, app):
        self.apps[app.client_id] = app
        return app
