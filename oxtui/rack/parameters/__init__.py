"""What requests may ask for: bodies and queries of the API, as pydantic models.

Keys that the API does not know are ignored, as the control plane does.
"""
