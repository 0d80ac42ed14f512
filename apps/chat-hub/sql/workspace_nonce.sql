-- Part of the epoch of all logs.
select nonce from hub.workspace
