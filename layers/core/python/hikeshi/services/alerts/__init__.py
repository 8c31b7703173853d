"""Use cases of alerts: posts are judged, grouped, measured, and what people say of a judgement is kept."""
