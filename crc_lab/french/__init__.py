"""How a short French answer is read: typing mistakes, what it affirms, what it denies, which ideas it holds."""
