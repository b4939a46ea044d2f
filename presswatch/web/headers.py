"""What every answer says to browsers: load nothing from elsewhere, run nothing that stands in the page."""

from __future__ import annotations

__all__ = ["HEADERS", "INERT", "POLICY"]

POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
INERT = "sandbox; default-src 'none'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
"""Of pages of others: nothing loads, runs or leads anywhere."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": a browser then sends "Origin: null" with a form of ours (fetch.spec.whatwg.org, "append a
    # request Origin header"), and it could not be told from that of another page.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
