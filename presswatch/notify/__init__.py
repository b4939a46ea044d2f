"""Notifications: what they say in ``compose``, one file a channel, when they are tried again in ``retry``.

storage's Delivery -> Delivery | compose -> Message | channel.send -> Sent or NotSent | next_attempt -> storage
"""

from presswatch.notify.channel import Channel, NotSent, Sent
from presswatch.notify.compose import Message, compose, diff_path
from presswatch.notify.console import Console
from presswatch.notify.message import Delivery, change_object, line, payload
from presswatch.notify.retry import next_attempt
from presswatch.notify.trial import trial
from presswatch.notify.webhook import Webhook

__all__ = [
    "Channel",
    "Console",
    "Delivery",
    "Message",
    "NotSent",
    "Sent",
    "Webhook",
    "change_object",
    "compose",
    "diff_path",
    "line",
    "next_attempt",
    "payload",
    "trial",
]
