"""Answers that come byte by byte and never end."""

import itertools

_USUAL_PACE = 1.0


def drip(fault, response, request):
    """Send one byte after another until the client goes or the fault is lifted.

    Of a body the true bytes come first, then blanks, which JSON may have at its end; of
    the head a header whose value does not end.

    :param response: the true answer
    """
    connection = request.environ["werkzeug.socket"]
    first_line = f"HTTP/1.1 {response.status}\r\n"
    # nobody waits for the body of a 204
    if fault.part == "head" or response.status_code == 204:
        endless = f"{first_line}X-Padding: ".encode()
        stream = itertools.chain(endless, itertools.cycle(b"x"))
    else:
        kept = [
            f"{name}: {value}\r\n"
            for name, value in response.headers
            if name.lower() != "content-length"
        ]
        head = f"{first_line}{''.join(kept)}Connection: close\r\n\r\n"
        connection.sendall(head.encode("latin-1"))
        stream = itertools.chain(response.get_data(), itertools.cycle(b" "))
    for byte in stream:
        if fault.lifted.wait(fault.seconds or _USUAL_PACE):
            return
        try:
            connection.sendall(bytes([byte]))
        except OSError:  # the client has had enough
            return
