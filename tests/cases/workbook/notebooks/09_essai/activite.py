# %% [markdown]
# # Activité 9 · Une activité d’essai

# %%
from crc_lab import debut, progression, question, rendre

debut("09_essai")
progression()

# %%
question("A9-Q1")

# %%
question("A9-Q2")

# %%
rendre()
