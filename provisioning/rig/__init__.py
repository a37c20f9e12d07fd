"""The whole kiosk on a laptop: people, cards, scenes, the stand-in hospital."""
