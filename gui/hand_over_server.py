"""Receives the files that other processes of the user hand over."""

import logging
import os
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from core.errors import HandOverError
from core.handover.instance_lock import InstanceLock
from core.handover.message import ACCEPTED, HandOver, MessageReader
from core.handover.place import Role, address_of

logger = logging.getLogger(__name__)

_WAITING = 1_024
_PATIENCE_MS = 10_000
_RETRY_MS = 5_000


class HandOverServer(QObject):
    """Listen at an address that one process at a time can own.

    Args:
        role: The role to listen as.
        take: Shows the files; the caller gets its answer once it returns.

    Raises:
        HandOverError: If there is no address to listen at.
    """

    def __init__(
        self, role: Role, take: Callable[[HandOver], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.role, self._take = role, take
        self._address = address_of(role)
        self._lock: InstanceLock | None = None
        self._connections: set[_Connection] = set()
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        # A right-click on hundreds of files may start as many processes.
        self._server.setListenBacklogSize(_WAITING)
        self._server.setMaxPendingConnections(_WAITING)
        self._server.newConnection.connect(self._on_new_connection)
        self._retry = QTimer(self, interval=_RETRY_MS)
        self._retry.timeout.connect(self._on_retry_timeout)

    @property
    def is_listening(self) -> bool:
        """Whether this process owns the address."""
        return self._server.isListening()

    def listen(self, lock: InstanceLock | None = None) -> bool:
        """Start listening, unless another process does.

        Args:
            lock: Lock of the address, if it is already held.
        """
        try:
            self._lock = lock or InstanceLock.try_take(self._address)
        except OSError as error:
            logger.warning("No files can be handed over to this window: %s", error)
            return False
        if self._lock is None:
            return False
        # With the lock held, an existing server is a remnant of a crash.
        QLocalServer.removeServer(self._address)
        if not self._server.listen(self._address):
            reason = self._server.errorString()
            logger.warning("No files can be handed over to this window: %s", reason)
            self._let_go()
        return self.is_listening

    def listen_when_free(self) -> None:
        """Start listening as soon as no other process does."""
        if not self.listen():
            self._retry.start()

    def close(self) -> None:
        """Stop listening. Callers without an answer show their files themselves."""
        self._retry.stop()
        self._server.close()
        for connection in [*self._connections]:
            connection.abort()
        self._let_go()

    def _let_go(self) -> None:
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _on_retry_timeout(self) -> None:
        if self.listen():
            self._retry.stop()

    def _on_new_connection(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            connection = _Connection(socket, self._take, self._forget)
            self._connections.add(connection)
            connection.begin()

    def _forget(self, connection: "_Connection") -> None:
        self._connections.discard(connection)


class _Connection:
    """One caller: read its message, then answer. Anything else closes the connection.

    No QObject: with a socket as its parent or sibling it was freed twice with the server.
    """

    def __init__(
        self,
        socket: QLocalSocket,
        take: Callable[[HandOver], None],
        on_ended: "Callable[[_Connection], None]",
    ) -> None:
        self._socket, self._take, self._on_ended = socket, take, on_ended
        self._reader = MessageReader()
        self._is_answered = False
        socket.readyRead.connect(self._on_ready_read)
        socket.disconnected.connect(self._on_disconnected)

    def begin(self) -> None:
        """Read what has arrived, and wait for the rest, with a timeout."""
        QTimer.singleShot(_PATIENCE_MS, self._socket, self._socket.abort)
        self._on_ready_read()

    def abort(self) -> None:
        """Close without an answer."""
        self._socket.abort()

    def _on_ready_read(self) -> None:
        if self._is_answered:
            return
        try:
            request = self._reader.feed(bytes(self._socket.readAll().data()))
        except HandOverError as error:
            logger.info("Passed over a message: %s", error)
            self.abort()
            return
        if request is not None:
            self._answer(request)

    def _answer(self, request: HandOver) -> None:
        self._is_answered = True
        try:
            self._take(request)
        except BaseException:
            # Not accepted: the caller will open a window of its own.
            self.abort()
            raise
        self._socket.write(ACCEPTED)
        self._socket.flush()
        self._socket.disconnectFromServer()

    def _on_disconnected(self) -> None:
        self._on_ended(self)
        self._socket.deleteLater()


def use_activation_token(token: str) -> None:
    """Let the next window that comes to the front use the caller's activation token.

    Qt looks for it in the environment, as in a process that the desktop has just started.
    """
    if token:
        os.environ["XDG_ACTIVATION_TOKEN"] = token
