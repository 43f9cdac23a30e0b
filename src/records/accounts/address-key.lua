#!lua
-- Keeps the sealed key of the address tags: the first one, or in place of the one that is named. Without one it only looks.
-- KEYS: addressKey
-- ARGV: sealed, replaced
-- Returns: ok(kept)

local kept = redis.call('GET', KEY.addressKey)
if ARG.sealed and (not kept or kept == ARG.replaced) then
  kept = ARG.sealed
  redis.call('SET', KEY.addressKey, kept)
end
return { 'ok', kept or '' }
