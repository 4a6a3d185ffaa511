"""``crc-lab purger``: personal data go when the teacher no longer needs them."""
