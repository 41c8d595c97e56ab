"""The floor: what a good engineer would write by hand for the same visible result.

One process of granian, one pool of psycopg, one or two queries a page, one small template. No
sessions, no permissions, no languages, no journal, no notices, no search words kept.
"""
