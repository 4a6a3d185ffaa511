"""Personal data: ``crc-lab purger``, and results without names."""
