"""The JSON API: what the pages show, for programs.

Endpoint (path, parameters, answer, function) -> a route (serve) and its description (openapi)
"""

from presswatch.web.api.endpoints import ENDPOINTS
from presswatch.web.api.openapi import document
from presswatch.web.api.serve import api_routes

__all__ = ["ENDPOINTS", "api_routes", "document"]
