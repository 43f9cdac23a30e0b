#!lua
-- Drops the events of an account's outbox that are in the log, up to a number.
-- KEYS: outbox
-- ARGV: number
-- Returns: ok(left)

while true do
  local first = redis.call('LINDEX', KEY.outbox, 0)
  if not first or tonumber(string.match(first, '^%d+')) > tonumber(ARG.number) then break end
  redis.call('LPOP', KEY.outbox)
end
return { 'ok', redis.call('LLEN', KEY.outbox) }
