"""How a build runs: plan, runner, control, journal, sweep."""
