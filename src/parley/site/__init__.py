"""The site put together: settings, addresses, servers, command line, and who reacts to what."""
