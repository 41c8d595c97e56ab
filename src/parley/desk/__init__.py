"""The operator's tools over tickets: views, macros, handing out, who is looking."""
