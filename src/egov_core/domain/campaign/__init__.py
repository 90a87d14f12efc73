"""Collection campaigns 填报: which units hand in which forms by when, and where each of them stands."""
