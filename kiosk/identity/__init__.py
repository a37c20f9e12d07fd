"""Who stands here: the citizen number, the card's QR, and what has been proven."""
