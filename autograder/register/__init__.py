"""What a class leaves behind from one marking to the next, and what has changed since."""
