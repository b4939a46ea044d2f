"""The web pages: what happened, each release's life, what is watched. Rendered here, readable without JavaScript."""

from presswatch.web.app import create_app
from presswatch.web.views import Views

__all__ = ["Views", "create_app"]
