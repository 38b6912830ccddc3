"""How much a loop of next and submit costs the server, and whether every invariant holds afterwards."""
