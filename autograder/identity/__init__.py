"""Who a copy comes from: the class list, the place where the copy lay, what its sheet says."""
