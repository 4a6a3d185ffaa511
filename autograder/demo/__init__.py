"""``crc-lab demo``: a simulated class, with the typical mistakes."""
