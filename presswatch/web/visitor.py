"""Who looks at a page, as the page needs to know."""

from __future__ import annotations

from dataclasses import dataclass, field

from presswatch.web.csrf import csrf_token, is_genuine

__all__ = ["NOBODY", "Visitor"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody who was let in, or only came to the door."""

    client: str = ""
    """The address that the request is from."""
    https: bool = False
    owns: bool = False
    """May change what is watched."""
    name: str | None = None
    """As a trusted proxy says; None: there are no names."""
    session: str | None = field(default=None, repr=False)
    """The id of the session; None where none is needed, or there is none."""
    secret: str = field(default="", repr=False)
    """What the tokens of forms are made from."""

    @property
    def form_token(self) -> str:
        """The token for the forms of a page; empty for those who may send none."""
        return csrf_token(self.secret) if self.owns else ""

    def sent(self, token: str) -> bool:
        """True where a form with this token was shown to this visitor."""
        return self.owns and is_genuine(token, self.secret)


NOBODY = Visitor()
