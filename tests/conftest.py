"""For all tests: an example of Hypothesis may take its time, on a busy machine."""

from hypothesis import settings

settings.register_profile("sans-delai", deadline=None)
settings.load_profile("sans-delai")
