#!lua
-- Keeps the outcome of a request that may come again, unless its script has kept one. Without an outcome the claim is given back.
-- KEYS: idempotency
-- ARGV: id, outcome
-- Returns: ok
-- include ../../platform/redis/lua/_idempotency.lua

if ARG.outcome then
  keep_outcome(KEY.idempotency, ARG.id, ARG.outcome)
else
  local text = redis.call('HGET', KEY.idempotency, ARG.id)
  if text and not cjson.decode(text).outcome then redis.call('HDEL', KEY.idempotency, ARG.id) end
end
return { 'ok' }
