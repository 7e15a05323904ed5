"""The network between a phone and a site, which can be cut: no signal, as a phone meets it."""

import socket
import threading
from contextlib import suppress

from tests.site import free_port


class Cable:
    """Forwards connections to a site from a port of its own, until it is cut; then new ones are closed at once."""

    def __init__(self, site_port: int) -> None:
        self.site_port = site_port
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.is_cut = False
        self._ends: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """No signal from now on."""
        self.is_cut = True
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._ends.clear()

    def mend(self) -> None:
        """Signal again."""
        self.is_cut = False

    def close(self) -> None:
        """Throw it away."""
        self.cut()
        self._door.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _address = self._door.accept()
                if self.is_cut:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self.site_port))
                self._ends += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    @staticmethod
    def _pump(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
