"""What can go wrong with the embedded servers, in words for the person at the terminal."""


class EmbeddedError(Exception):
    """An embedded server cannot run; the message says why and what to do."""


class AlreadyRunningError(EmbeddedError):
    """Another process keeps the servers of this data folder; ``keeper`` says which."""

    def __init__(self, keeper: str) -> None:
        self.keeper = keeper or "another process"
        super().__init__(f"Already running: {self.keeper}.")
