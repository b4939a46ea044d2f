"""Notifications: what they say in ``compose``, ``batch``, ``digest``, ``health``; a file a channel; ``retry`` pauses.

storage's Delivery -> a function of its subject -> Message | channel.send -> Sent or NotSent | next_attempt -> storage
"""

from presswatch.notify.batch import batch_message, batch_object
from presswatch.notify.channel import Channel, NotSent, Sent
from presswatch.notify.compose import Message, compose, diff_path
from presswatch.notify.console import Console
from presswatch.notify.digest import digest_message, digest_object
from presswatch.notify.health import advised, health_message, health_object, patient
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
    "advised",
    "batch_message",
    "batch_object",
    "change_object",
    "compose",
    "diff_path",
    "digest_message",
    "digest_object",
    "health_message",
    "health_object",
    "line",
    "next_attempt",
    "patient",
    "payload",
    "trial",
]
