"""Use cases of facts: claimed, borne out, judged, and what a text rests on."""
