"""A server that says, byte for byte, what a test wants: no simulator is so bad."""

import socket
import threading


class Wire:
    """Answers every connection with the same bytes, then closes or holds it.

    :param answer: what to send, once the request's head has come
    :param hold: keep the connection open until the end of the test
    """

    def __init__(self, answer, hold=False):
        self._answer = answer
        self._hold = hold
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        #: the heads of the requests, in the order in which they came
        self.heads = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def _serve(self):
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            with connection:
                self.heads.append(connection.recv(64 * 1024).decode())
                connection.sendall(self._answer)
                if self._hold:
                    self._over.wait(5)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_exception):
        self._over.set()
        # closing alone does not wake a thread that waits in accept
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)


def http_answer(body=b"{}", *headers, status="200 OK"):
    """An answer with its true length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body
