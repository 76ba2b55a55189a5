"""The Build screen: follows builds, stops them, and says what can be done where they stopped."""
