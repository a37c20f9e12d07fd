"""The simulated camera: a rendered scene with a person who reacts to the glass."""
