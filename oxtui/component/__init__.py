"""What a component is: option schema, protocols, events, commands, resource kinds, registry."""
