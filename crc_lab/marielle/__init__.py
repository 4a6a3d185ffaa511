"""The case, Marielle Nature / Omnicom: RFM, postal addresses, the checks of its own tables, its figures."""
