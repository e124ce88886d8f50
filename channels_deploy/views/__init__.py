"""The addresses that websites and their visitors call."""
