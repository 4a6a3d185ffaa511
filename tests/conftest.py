"""For all tests: an example of Hypothesis may take its time, on a busy machine."""

from contextlib import suppress

with suppress(ImportError):  # tests of a real hub run where the program is installed, with few tools
    from hypothesis import settings

    settings.register_profile("sans-delai", deadline=None)
    settings.load_profile("sans-delai")
