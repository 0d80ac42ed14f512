-- Makes sure that there is an epoch of this process of the server.
select parley.presence_begin()
