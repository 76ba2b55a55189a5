"""Groups of API calls, one module a resource."""
