-- include ./_log.lua
-- Tells the world what this script changes, in the same step. The log lies in another slot: on a Cluster the event goes into the account's
-- outbox, from where events-relay.ts moves it on. To be called while the account is there. `data`: a session's id, or names of fields.
local function tell(account, kind, data)
  if redis.call('EXISTS', account) == 0 then return end
  local tag, subject = string.match(account, '^({u:(.-)}:)')
  if not IS_CLUSTER then return append_event('{events}:log', subject, kind, data or '') end
  local time = redis.call('TIME')
  local number = math.max(time[1] * 1000000 + time[2], tonumber(redis.call('HGET', account, 'told') or '0') + 1)
  redis.call('HSET', account, 'told', whole(number))
  redis.call('RPUSH', tag .. 'events', whole(number) .. ' ' .. kind .. ' ' .. (data or ''))
end

local function tell_changed(account, ...)
  if ... then tell(account, 'account.updated', table.concat({ ... }, ',')) end
end
