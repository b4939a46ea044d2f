"""Presswatch watches newsrooms: finds every press release, keeps every version, says what changed and when."""

__version__ = "0.1.0"
