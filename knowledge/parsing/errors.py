"""Why a file cannot be read, in words for the person who brought it."""


class UnreadableError(Exception):
    """The message says what is wrong with the file and what to do about it."""
