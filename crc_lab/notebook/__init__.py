"""What a notebook shows and does: the session behind the cards, the cards, the student's commands."""
