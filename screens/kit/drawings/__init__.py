"""The kit's pictures, drawn by code: no icon font, no downloaded file, sharp at any size."""
