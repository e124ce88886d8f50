"""How what happens is written into the log."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import TracebackType


class WithoutTraceback(logging.Formatter):
    """For what anybody outside can cause at will, and the code is not to blame for."""

    def formatException(  # noqa: N802 (the library's)
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        del ei
        return ""
