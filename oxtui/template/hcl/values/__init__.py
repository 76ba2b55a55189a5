"""HCL's values: types, exact numbers, unknown, null and sensitive; conversion as go-cty does it."""
