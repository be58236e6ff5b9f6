"""Orders that test what reads them: hostile text, and forms that are broken."""

from .registry import kind

SCRIPT = "<script>alert('x')</script>"
MARKUP = '<img src=x onerror="alert(1)"> & "quotes" \'single\' </td>'
EMOJI = "Łódź 🚗🔧 ‮txet desrever‬ مرحبا שלום"
FORMULA = '=HYPERLINK("https://example.invalid")'


@kind("hostile-text", "markup, scripts, emoji and right-to-left text everywhere")
def hostile_text(draft):
    _ordinary(draft)
    draft.message = f"{SCRIPT} {EMOJI} {{{{ 7*7 }}}} ${{7*7}} %s"
    draft.damages = [_spread_markup]


@kind("long-text", "names, streets and messages far longer than usual")
def long_text(draft):
    _ordinary(draft)
    draft.message = "Bardzo długa wiadomość. " * 400
    draft.damages = [_stretch]


@kind("malformed-price", 'a price whose amount is "abc"')
def malformed_price(draft):
    _ordinary(draft)
    draft.damages = [lambda form: form["lineItems"][0]["price"].update(amount="abc")]


@kind("malformed-no-lines", "no lineItems at all")
def malformed_no_lines(draft):
    _ordinary(draft)
    draft.damages = [lambda form: form.pop("lineItems")]


@kind("malformed-null-buyer", "buyer is null")
def malformed_null_buyer(draft):
    _ordinary(draft)
    draft.damages = [lambda form: form.update(buyer=None)]


@kind("malformed-quantity", "a quantity of zero")
def malformed_quantity(draft):
    _ordinary(draft)
    draft.damages = [lambda form: form["lineItems"][0].update(quantity=0)]


@kind("malformed-date", "a boughtAt that is no date")
def malformed_date(draft):
    _ordinary(draft)
    draft.damages = [lambda form: form["lineItems"][0].update(boughtAt="yesterday")]


@kind("malformed-mixed-currency", "a line in another currency than the total")
def malformed_mixed_currency(draft):
    _ordinary(draft)
    draft.damages = [lambda form: form["lineItems"][0]["price"].update(currency="EUR")]


@kind("unknown-values", "a status, payment type and keys that nobody knows yet")
def unknown_values(draft):
    _ordinary(draft)
    draft.damages = [_invent]


def _ordinary(draft):
    draft.add_line()
    draft.deliver("inpost")


def _spread_markup(form):
    form["buyer"] |= {"firstName": SCRIPT, "lastName": MARKUP, "companyName": EMOJI}
    form["delivery"]["address"] |= {
        "firstName": MARKUP,
        "lastName": EMOJI,
        "street": SCRIPT,
        "companyName": FORMULA,
    }
    if form["delivery"]["pickupPoint"]:
        form["delivery"]["pickupPoint"] |= {"name": SCRIPT, "description": MARKUP}
    form["lineItems"][0]["offer"]["name"] = f"{MARKUP} {EMOJI}"
    form["note"] = {"text": SCRIPT}


def _stretch(form):
    long_name = "Wielowyrazowa-Nazwa-Bez-Spacji" * 20
    form["buyer"] |= {"firstName": long_name, "companyName": long_name}
    form["delivery"]["address"] |= {"street": long_name, "city": long_name}
    if form["delivery"]["pickupPoint"]:
        form["delivery"]["pickupPoint"]["description"] = long_name
    form["lineItems"][0]["offer"]["name"] = long_name


def _invent(form):
    form["payment"]["type"] = "MOON_MONEY"
    form["payment"]["features"] = ["TELEPATHY"]
    form["lineItems"][0]["discounts"] = [{"type": "GOOD_MOOD"}]
    form["delivery"]["drone"] = {"altitude": 120}
    form["futureField"] = [{"anything": None}]
