"""The help centre as readers see it: public where its articles are, at `/help/`."""
