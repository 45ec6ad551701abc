"""How fast it is: a seeded organisation, a floor beside the server, and a load on both."""
