"""Kivy screens: they bind a view and emit events; they decide nothing."""
