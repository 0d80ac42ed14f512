-- $1 text: who it is between
select hub.channel_view(c) from hub.channels as c where c.parties = $1
