"""What the API returns, as far as it is used."""
