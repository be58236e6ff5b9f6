"""Invented buyers, addresses and companies."""

from dataclasses import dataclass

_FIRST_NAMES = {
    "PL": (
        "Anna",
        "Jan",
        "Katarzyna",
        "Piotr",
        "Zofia",
        "Łukasz",
        "Małgorzata",
        "Józef",
    ),
    "CZ": ("Jiří", "Tereza", "Tomáš", "Lucie", "Ondřej", "Veronika"),
    "SK": ("Ľuboš", "Zuzana", "Marek", "Katarína", "Peter", "Mária"),
    "HU": ("István", "Eszter", "László", "Zsófia", "Gábor", "Ágnes"),
    "UA": ("Оксана", "Андрій", "Тарас", "Марія"),
}
_LAST_NAMES = {
    # the same for women and men
    "PL": ("Wójcik", "Gołąb", "Pączek", "Dudź", "Grzyb", "Kłos", "Śliwa"),
    "CZ": ("Janů", "Krejčí", "Hájků", "Petrů", "Kočí"),
    "SK": ("Kalafut", "Jurča", "Ďurica", "Krajčí"),
    "HU": ("Kovács", "Tóth", "Szőke", "Kőműves"),
    "UA": ("Шевчук", "Бондаренко", "Ковальчук"),
}
_STREETS = {
    "PL": ("ul. Warsztatowa", "al. Kierowców", "ul. Łąkowa", "os. Zielone", "Rynek"),
    "CZ": ("Dílenská", "Příčná", "U Garáží"),
    "SK": ("Dielenská", "Štúrova", "Pri Moste"),
    "HU": ("Műhely utca", "Fő út", "Kőrösi tér"),
    "UA": ("вул. Садова", "вул. Гаражна"),
}
_CITIES = {
    "PL": (
        ("Poznań", "60-166"),
        ("Łódź", "90-001"),
        ("Gdańsk", "80-298"),
        ("Bielsko-Biała", "43-300"),
        ("Świętochłowice", "41-600"),
        ("Rzeszów", "35-001"),
    ),
    "CZ": (("Praha", "170 00"), ("Plzeň", "301 00"), ("České Budějovice", "370 01")),
    "SK": (("Bratislava", "811 01"), ("Košice", "040 01"), ("Žilina", "010 01")),
    "HU": (("Budapest", "1051"), ("Győr", "9021"), ("Pécs", "7621")),
    "UA": (("Київ", "01001"), ("Львів", "79000")),
}
_PHONES = {"PL": "+48", "CZ": "+420", "SK": "+421", "HU": "+36", "UA": "+380"}
_COMPANIES = {
    "PL": ("Auto-Serwis Kłos Sp. z o.o.", "Warsztat Pod Dębem s.c.", "Moto Łąka S.A."),
    "CZ": ("Autodílna Říha s.r.o.", "Náhradní díly Praha a.s."),
    "SK": ("Autoservis Ďurica s.r.o.",),
    "HU": ("Szőke Autószerviz Kft.",),
}


@dataclass
class Buyer:
    """``alias`` is the stable half of the masked e-mail (issue 3613)."""

    id: str
    login: str
    alias: str
    first_name: str
    last_name: str
    country: str
    language: str
    phone: str
    address: dict
    company: str | None = None
    guest: bool = False

    def as_json(self, transaction):
        """
        :param transaction: the half of the e-mail that is new with every purchase
        """
        return {
            "id": self.id,
            "email": f"{self.alias}+{transaction}@allegromail.pl",
            "login": self.login,
            "firstName": self.first_name,
            "lastName": self.last_name,
            "companyName": self.company,
            "guest": self.guest,
            "personalIdentity": None,
            "phoneNumber": self.phone,
            "preferences": {"language": self.language},
            "address": {
                "street": self.address["street"],
                "city": self.address["city"],
                "postCode": self.address["zipCode"],
                "countryCode": self.address["countryCode"],
            },
        }


class People:
    """Makes buyers; one in four purchases is by somebody who bought before."""

    def __init__(self, random):
        self._random = random
        self._buyers = {}
        self._made = 0

    def buyer(self, country, language, company=False, guest=False):
        known = self._buyers.setdefault((country, company), [])
        if known and not guest and self._random.random() < 0.25:
            return self._random.choice(known)
        buyer = self._new_buyer(country, language, company, guest)
        if not guest:
            known.append(buyer)
        return buyer

    def _new_buyer(self, country, language, company, guest):
        self._made += 1
        number = str(30_000_000 + self._made)
        first_name, last_name = self.name(country)
        return Buyer(
            id=number,
            login=f"Client:{number}",
            alias="".join(self._random.choices("abcdefghijklmnop0123456789", k=10)),
            first_name=first_name,
            last_name=last_name,
            country=country,
            language=language,
            phone=self.phone(country),
            address=self.street_address(country),
            company=self.company_name(country) if company else None,
            guest=guest,
        )

    def name(self, country):
        return (
            self._random.choice(_FIRST_NAMES[country]),
            self._random.choice(_LAST_NAMES[country]),
        )

    def phone(self, country):
        return f"{_PHONES[country]} {self._random.randint(500_000_000, 899_999_999)}"

    def street_address(self, country):
        city, zip_code = self._random.choice(_CITIES[country])
        return {
            "street": f"{self._random.choice(_STREETS[country])} "
            f"{self._random.randint(1, 180)}",
            "city": city,
            "zipCode": zip_code,
            "countryCode": country,
        }

    def company_name(self, country):
        return self._random.choice(_COMPANIES[country])

    def nip(self):
        """A Polish tax number with its right check digit."""
        weights = (6, 5, 7, 2, 3, 4, 5, 6, 7)
        while True:
            digits = [self._random.randint(1, 9) for _ in weights]
            check = sum(d * w for d, w in zip(digits, weights, strict=True)) % 11
            if check < 10:
                return "".join(map(str, digits)) + str(check)

    def ico(self):
        """A Czech or Slovak company number with its right check digit."""
        digits = [self._random.randint(1, 9) for _ in range(7)]
        rest = sum(digit * (8 - i) for i, digit in enumerate(digits)) % 11
        return "".join(map(str, digits)) + str((11 - rest) % 10)
