"""Legacy JSON templates and their `{{ }}` language, which strings of HCL2 templates still carry."""
