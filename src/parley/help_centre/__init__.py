"""The help centre: collections of articles, in versions and languages, for those they are meant for."""
