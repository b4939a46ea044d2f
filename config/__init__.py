"""Settings and sources, read from TOML and the environment into frozen values."""

from config.settings import ConfigError, Settings, SourceSettings, asked_source, find_file, load, profile_of

__all__ = ["ConfigError", "Settings", "SourceSettings", "asked_source", "find_file", "load", "profile_of"]
