"""What a visit is: tables of steps, events and effects."""
