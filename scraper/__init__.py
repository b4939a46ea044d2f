"""The core: what the product knows. Pure functions but for ``fetch``; no database, no clock read, no randomness."""
