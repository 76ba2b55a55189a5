"""A session in one file for a colleague: written without secrets, read as something that anybody may have made.

A bundle is a zip file: `manifest.json`, `events.jsonl` (an event a line), `template.pkr.hcl`, and of every
output `builds/BUILD/STEP.log` (its lines) and `.lines` (time, stream and flags of each, 8 bytes).
"""
