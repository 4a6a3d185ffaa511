"""Development only, not in the wheel: French, typography, coverage, data files, pictures, the plugin's name."""
