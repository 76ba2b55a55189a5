"""What a build changed in its image: what the guest holds before and after, and what tells them apart."""
