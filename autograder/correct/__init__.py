"""``crc-lab corriger``, from its arguments to its summary."""
