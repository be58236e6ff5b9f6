"""One FA(3) file, changed element by element in the order that its schema asks for.

Knows nothing of Odoo, and nothing of the template that made the file: whatever the
version of ``l10n_pl_edi`` wrote is replaced, or added where it is missing.
Source: schemat_FA(3)_v1-0E.xsd, https://github.com/CIRFMF/ksef-docs.
"""

import re

from lxml import etree

from .fa3_schema import official_schema

NAMESPACE = "http://crd.gov.pl/wzor/2025/06/25/13775/"

#: Parents that are changed here -> all their children, in the schema's order.
CHILDREN = {
    "Podmiot1": (
        "PrefiksPodatnika NrEORI DaneIdentyfikacyjne Adres AdresKoresp DaneKontaktowe"
        " StatusInfoPodatnika"
    ).split(),
    "Podmiot2": (
        "NrEORI DaneIdentyfikacyjne Adres AdresKoresp DaneKontaktowe NrKlienta"
        " IDNabywcy JST GV"
    ).split(),
    "Fa": (
        "KodWaluty P_1 P_1M P_2 WZ P_6 OkresFa"
        " P_13_1 P_14_1 P_14_1W P_13_2 P_14_2 P_14_2W P_13_3 P_14_3 P_14_3W"
        " P_13_4 P_14_4 P_14_4W P_13_5 P_14_5 P_13_6_1 P_13_6_2 P_13_6_3"
        " P_13_7 P_13_8 P_13_9 P_13_10 P_13_11 P_15 KursWalutyZ Adnotacje"
        " RodzajFaktury PrzyczynaKorekty TypKorekty DaneFaKorygowanej"
        " OkresFaKorygowanej NrFaKorygowany Podmiot1K Podmiot2K P_15ZK KursWalutyZK"
        " ZaliczkaCzesciowa FP TP DodatkowyOpis FakturaZaliczkowa ZwrotAkcyzy"
        " FaWiersz Rozliczenie Platnosc WarunkiTransakcji Zamowienie"
    ).split(),
    "Adnotacje": (
        "P_16 P_17 P_18 P_18A Zwolnienie NoweSrodkiTransportu P_23 PMarzy"
    ).split(),
    "Platnosc": (
        "Zaplacono DataZaplaty ZnacznikZaplatyCzesciowej ZaplataCzesciowa"
        " TerminPlatnosci FormaPlatnosci PlatnoscInna OpisPlatnosci RachunekBankowy"
        " RachunekBankowyFaktora Skonto LinkDoPlatnosci IPKSeF"
    ).split(),
}

#: What XML forbids, and what KSeF does beyond it: "Weryfikacja faktury" of ksef-docs.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
#: Texts that people and Allegro write -> how many characters fit.
LONGEST = {
    "Nazwa": 512,
    "AdresL1": 512,
    "AdresL2": 512,
    "P_7": 512,
    "P_1M": 256,
    "P_8A": 256,
    "PrzyczynaKorekty": 256,
    "OpisPlatnosci": 256,
    "Powod": 256,
}
LONGEST_PHONE = 16
LONGEST_EMAIL = 255


class Fa3:
    def __init__(self, content):
        self._root = etree.fromstring(FORBIDDEN.sub(" ", content).encode())

    def __str__(self):
        self._make_fit()
        return etree.tostring(self._root, encoding="unicode")

    def why_refused(self):
        """What KSeF's schema has against the file as it is written, in its words."""
        schema = official_schema()
        self._make_fit()
        try:
            schema.assertValid(self._root)
        except etree.DocumentInvalid as error:
            return str(error)
        return None

    def _make_fit(self):
        """Cut what is too long, leave out what would be refused or is empty."""
        for name, longest in LONGEST.items():
            for node in self._root.iter(_tag(name)):
                node.text = " ".join((node.text or "").split())[:longest].strip()
        for node in self._root.iter(_tag("Telefon")):
            phone = re.sub(r"[^+0-9]", "", node.text or "")
            node.text = phone if len(phone) <= LONGEST_PHONE else ""
        for node in self._root.iter(_tag("Email")):
            email = (node.text or "").strip()
            fits = re.fullmatch(".+@.+", email) and len(email) <= LONGEST_EMAIL
            node.text = email if fits else ""
        for node in reversed(list(self._root.iter(etree.Element))):
            is_empty = not len(node) and not (node.text or "").strip()
            if is_empty and node is not self._root:
                _remove(node)

    def contents_of(self, parent, names):
        """Children of that parent which hold only texts, as ``put`` takes contents.

        :param names: of the children
        """
        node = self._root.find(f".//{_tag(parent)}")
        return [
            (
                name,
                [(etree.QName(child).localname, child.text or "") for child in inner],
            )
            for name in names
            for inner in node.findall(_tag(name))
        ]

    def put(self, parent, name, *contents):
        """Make these the only children of that name; no contents: none is left.

        :param str parent: a key of ``CHILDREN``
        :param contents: each a text, or the pairs of name and content of its children,
            of which those without content are left out
        """
        parent_node = self._root.find(f".//{_tag(parent)}")
        if parent_node is None:
            self.put("Fa", parent, [])
            parent_node = self._root.find(f".//{_tag(parent)}")
        for old in parent_node.findall(_tag(name)):
            _remove(old)
        order = CHILDREN[parent]
        later = set(map(_tag, order[order.index(name) + 1 :]))
        following = [node for node in parent_node if node.tag in later]
        for content in contents:
            new = _element(name, content)
            if following:
                following[0].addprevious(new)
            else:
                parent_node.append(new)


def _tag(name):
    return f"{{{NAMESPACE}}}{name}"


def _remove(node):
    # what follows an element in lxml goes with it, which is white space here
    node.getparent().remove(node)


def _element(name, content):
    element = etree.Element(_tag(name), nsmap={None: NAMESPACE})
    if isinstance(content, str):
        element.text = FORBIDDEN.sub(" ", content)
    else:
        element.extend(_element(child, inner) for child, inner in content if inner)
    return element
