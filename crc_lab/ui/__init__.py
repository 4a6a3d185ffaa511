"""The cards that students see: anywidget classes, their scripts and styles, and what they show of a question."""
