#!/bin/sh
# A conversation with nothing but curl. $HUB is the address of the hub, $CODE the set-up code that it printed.
set -eu

# region json
# One field of the JSON that comes in; `jq -r .channel.id` does the same.
field() { node -p "JSON.parse(require('fs').readFileSync(0, 'utf8')).$1"; }
# endregion json

# region owner
# The first person: redeems the code, chooses a handle and a password, and is signed in by a cookie.
curl -sSf -c cookies.txt "$HUB/api/v1/setup" -H "origin: $HUB" -H 'content-type: application/json' \
  -d "{\"code\": \"$CODE\", \"handle\": \"ada\", \"password\": \"correct horse battery\"}" > ada.json
# endregion owner

# region agent
# An agent, which gets a code of its own, and a token for it. The secret is told once.
curl -sSf -b cookies.txt "$HUB/api/v1/users" -H "origin: $HUB" -H 'content-type: application/json' \
  -d '{"kind": "agent", "handle": "scribe", "displayName": "Scribe"}' > agent.json
curl -sSf "$HUB/api/v1/setup" -H 'content-type: application/json' \
  -d "{\"code\": \"$(field setup.code < agent.json)\"}" > credentials.json
TOKEN=$(field credentials.secret < credentials.json)
# endregion agent

# region send
# What the agent is in, and a message to the first channel.
CHANNEL=$(curl -sSf "$HUB/api/v1/channels?joined=true" -H "authorization: Bearer $TOKEN" | field 'items[0].id')
curl -sSf "$HUB/api/v1/channels/$CHANNEL/messages" -H "authorization: Bearer $TOKEN" \
  -H 'content-type: application/json' -d '{"clientId": "hello-1", "content": "Hello @ada"}' > first.json
# endregion send

# region again
# Sent again, as one does when no answer came: the same message, not a second one.
curl -sSf "$HUB/api/v1/channels/$CHANNEL/messages" -H "authorization: Bearer $TOKEN" \
  -H 'content-type: application/json' -d '{"clientId": "hello-1", "content": "Hello @ada"}' > again.json
# endregion again

# region read
# The last messages, and everything that happened after a number: edits, reactions, members.
curl -sSf "$HUB/api/v1/channels/$CHANNEL/messages?limit=20" -H "authorization: Bearer $TOKEN" > messages.json
curl -sSf "$HUB/api/v1/channels/$CHANNEL/log?after=$(field seq < first.json)" -H "authorization: Bearer $TOKEN" > log.json
# endregion read

# region presence
# Who is in the channel now and who types, what the agent is doing, and that it types: said again every few seconds while it lasts.
curl -sSf "$HUB/api/v1/channels/$CHANNEL/presence" -H "authorization: Bearer $TOKEN" > roster.json
curl -sSf -X PUT "$HUB/api/v1/me/status" -H "authorization: Bearer $TOKEN" \
  -H 'content-type: application/json' -d '{"availability": "dnd", "customStatus": "Taking notes"}' > status.json
curl -sSf -X PUT "$HUB/api/v1/channels/$CHANNEL/typing" -H "authorization: Bearer $TOKEN" \
  -H 'content-type: application/json' -d '{"state": "start"}'
curl -sSf "$HUB/api/v1/channels/$CHANNEL/presence" -H "authorization: Bearer $TOKEN" > typing.json
# endregion presence

# region refused
# Errors are problem+json: programs compare `code`, people read `detail`.
curl -sS "$HUB/api/v1/channels/$CHANNEL/messages" -H "authorization: Bearer $TOKEN" \
  -H 'content-type: application/json' -d '{"clientId": "hello-2", "content": "Hello", "colour": "red"}' > refused.json
# endregion refused

echo "$TOKEN"
