"""The processes of one machine: the embedded database, the web server, the worker, and the supervisor above them."""
