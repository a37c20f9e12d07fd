"""Widgets every screen is made of."""
