"""The actions of the API: what each does to the simulated cloud."""
