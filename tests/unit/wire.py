"""A server that says, byte for byte, what a test wants: no simulator is so bad."""

import re
import socket
import threading


class Wire:
    """Answers every connection with the same bytes, then closes or holds it.

    :param answer: what to send, once the request's head has come
    :param hold: keep the connection open until the end of the test
    :param drip: seconds between two bytes of the answer
    :param tls: ``ssl.SSLContext`` of a server, None for plain HTTP
    """

    def __init__(self, answer, hold=False, drip=None, tls=None):
        self._answer = answer
        self._hold = hold
        self._drip = drip
        self._tls = tls
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        #: the requests, head and body, in the order in which they came
        self.heads = []

    @property
    def url(self):
        scheme = "https" if self._tls else "http"
        return f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"

    def _serve(self):
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                self.heads.append(_heard(connection))
                self._send(connection)
                if self._hold:
                    self._over.wait(5)

    def _send(self, connection):
        if self._drip is None:
            connection.sendall(self._answer)
            return
        for byte in self._answer:
            try:
                connection.sendall(bytes([byte]))
            except OSError:
                return  # the other side has hung up, as it should
            if self._over.wait(self._drip):
                return

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_exception):
        self._over.set()
        # closing alone does not wake a thread that waits in accept
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)


def _heard(connection):
    """A whole request, as far as its head says how long it is."""
    request = b""
    while piece := connection.recv(64 * 1024):
        request += piece
        head, end, body = request.partition(b"\r\n\r\n")
        length = re.search(rb"\r\nContent-Length: (\d+)", head)
        if end and len(body) >= int(length[1] if length else 0):
            break
    return request.decode(errors="replace")


def http_answer(body=b"{}", *headers, status="200 OK"):
    """An answer with its true length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body
