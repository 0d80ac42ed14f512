-- Time-outs that are over end: whoever goes by the `rev` of the rows looks again.
update hub.users set timeout_until = null, rev = rev + 1 where timeout_until <= hub.now_ms() returning id
