"""Teacher side of crc-lab: finds copies, marks them, writes the reports; and builds the notebooks."""
