"""Notifications: one file a channel, what they say in ``message``, when they are tried again in ``retry``.

storage's Delivery -> Delivery | channel.send -> Sent or NotSent | next_attempt -> storage
"""

from presswatch.notify.channel import Channel, Delivery, Notice, NotSent, Sent
from presswatch.notify.console import Console
from presswatch.notify.fares import batch_object, health_object
from presswatch.notify.message import change_object, line, payload
from presswatch.notify.retry import next_attempt
from presswatch.notify.webhook import Webhook

__all__ = [
    "Channel",
    "Console",
    "Delivery",
    "NotSent",
    "Notice",
    "Sent",
    "Webhook",
    "batch_object",
    "change_object",
    "health_object",
    "line",
    "next_attempt",
    "payload",
]
