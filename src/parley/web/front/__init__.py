"""The front: what stands between the web server and the pages, and knows nothing of either.

The server speaks ASGI and has one loop; the pages are WSGI and run in threads. A thread is taken
once a request has wholly arrived and given back once its answer is made, so that a slow network on
either side keeps no thread and no database connection waiting.
"""
