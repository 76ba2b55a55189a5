"""The kinds of resources that Browse shows, a package for each provider."""
