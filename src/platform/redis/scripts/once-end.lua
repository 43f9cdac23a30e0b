#!lua
-- Keeps the outcome of a request that may come again, unless its script has kept one; '' gives the turn back instead.
-- KEYS: once. ARGV: id, outcome. Returns { 'ok' }.
-- include _once

if ARGV[2] ~= '' then
  keep_outcome(KEYS[1], ARGV[1], ARGV[2])
else
  local text = redis.call('HGET', KEYS[1], ARGV[1])
  if text and not cjson.decode(text).outcome then redis.call('HDEL', KEYS[1], ARGV[1]) end
end
return { 'ok' }
