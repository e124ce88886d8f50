"""What can go wrong with the embedded servers, in words for the person at the terminal."""


class EmbeddedError(Exception):
    """An embedded server cannot run; the message says why and what to do."""


class AlreadyRunningError(EmbeddedError):
    """Another process keeps the servers of this data folder."""
