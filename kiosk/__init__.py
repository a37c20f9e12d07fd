"""The identity kiosk: a pure core decides, drivers, printer and screens act."""
