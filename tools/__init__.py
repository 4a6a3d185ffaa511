"""Development only, not in the wheel: French, typography, coverage, data files, pictures of the guides, name of the plugin."""
