"""The site's backend, spoken to over the network."""
