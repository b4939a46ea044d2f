"""The built-in demo newsroom: three invented institutions on loopback whose releases change by a script.

script (data) | versions | page_at -> Answer | Demo serves it
"""

from presswatch.demo.model import Answer, Event, Glitch, Newsroom
from presswatch.demo.pages import page_at
from presswatch.demo.script import DURATION, SCRIPT, expected
from presswatch.demo.server import Demo

__all__ = ["DURATION", "SCRIPT", "Answer", "Demo", "Event", "Glitch", "Newsroom", "expected", "page_at"]
