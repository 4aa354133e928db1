"""The one error of sources that are far away."""

from datetime import timedelta


class TroubleError(Exception):
    """The source cannot be looked at now.

    The words say why and what to do; they hold no secret, and no query of an address, where one
    might be. `wait` is what the far side asks us to wait, None if it does not say.
    """

    def __init__(self, words: str, *, wait: timedelta | None = None) -> None:
        super().__init__(words)
        self.wait = wait
