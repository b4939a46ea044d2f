"""Measurements and thin adapters to the product's own code; nothing here ships."""
