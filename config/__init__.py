"""Settings and sources, read from TOML and the environment into frozen values."""

from config.settings import ConfigError, Settings, SourceSettings, find_file, load

__all__ = ["ConfigError", "Settings", "SourceSettings", "find_file", "load"]
