"""One FA(3) file, changed element by element in the order that its schema asks for.

Knows nothing of Odoo, and nothing of the template that made the file: whatever the
version of ``l10n_pl_edi`` wrote is replaced, or added where it is missing.
Source: schemat_FA(3)_v1-0E.xsd, https://github.com/CIRFMF/ksef-docs.
"""

from lxml import etree

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
}


class Fa3:
    def __init__(self, content):
        self._root = etree.fromstring(content.encode())

    def __str__(self):
        return etree.tostring(self._root, encoding="unicode")

    def put(self, parent, name, *contents):
        """Make these the only children of that name; no contents: none is left.

        :param str parent: a key of ``CHILDREN``
        :param contents: each a text, or the pairs of name and content of its children,
            of which those without content are left out
        """
        parent_node = self._root.find(f".//{_tag(parent)}")
        for old in parent_node.findall(_tag(name)):
            parent_node.remove(old)
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


def _element(name, content):
    element = etree.Element(_tag(name), nsmap={None: NAMESPACE})
    if isinstance(content, str):
        element.text = content
    else:
        element.extend(
            _element(child, inner) for child, inner in content if inner is not None
        )
    return element
