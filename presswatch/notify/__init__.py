"""Notifications: one file a channel, what they say in ``message``, when they are tried again in ``retry``.

storage's Delivery -> Delivery | channel.send -> Sent or NotSent | next_attempt -> storage
"""

from presswatch.notify.channel import Channel, Delivery, NotSent, Sent
from presswatch.notify.console import Console
from presswatch.notify.message import change_object, line, payload
from presswatch.notify.retry import next_attempt
from presswatch.notify.webhook import Webhook

__all__ = [
    "Channel",
    "Console",
    "Delivery",
    "NotSent",
    "Sent",
    "Webhook",
    "change_object",
    "line",
    "next_attempt",
    "payload",
]
