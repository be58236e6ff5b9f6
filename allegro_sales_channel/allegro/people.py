"""Who is to get the parcel and the invoice, in one line of words.

An order keeps these lines: two of them show what a buyer has changed.
"""


def names_a_place(address):
    """Can something be sent there? A name alone is no address.

    :param address: ``Address``, or None
    """
    return bool(address and (address.street or address.city))


def recipient_text(form):
    """Person, company, address and phone of the delivery; None before it is known.

    A person without a place is a recipient only at a pickup point.
    """
    address = form.delivery and form.delivery.address
    if not names_a_place(address) and not (address and form.delivery.pickup_point):
        return None
    return _line(_person(address), address, address.phone_number)


def invoice_party_text(form):
    """Name, numbers and address for the invoice; None when none is wanted.

    ``required`` decides, not the data beside it.
    """
    invoice = form.invoice
    if not invoice or not invoice.required:
        return None
    if invoice.company_name:
        numbers = [number.value for number in invoice.company_ids]
        name = ", ".join([invoice.company_name, *numbers])
    else:
        name = _words(invoice.person_first_name, invoice.person_last_name)
    return _line(name, invoice.address)


def _person(address):
    person = _words(address.first_name, address.last_name)
    return ", ".join(part for part in (person, address.company_name) if part)


def _line(name, address, phone=None):
    parts = [name]
    if address:
        town = _words(address.zip_code, address.city)
        parts += [address.street, town, address.country_code]
    return ", ".join(part for part in (*parts, phone) if part) or None


def _words(*words):
    return " ".join(word for word in words if word)
