#!lua
-- Whoever reads the mail of an account says that what happened was not them. Ends everything of the account, forgets the browsers that it
-- knows and the passkeys that were added since, and makes the password useless until it is reset by mail. With an email (bound already) the
-- account gets that address back, unless one was given back since. What was disowned or reset since the event is left as it is.
-- KEYS: account, devices, passkeys, recovery, otherAddresses
-- ARGV: actor, eventAtMs, email, newTag, oldTag
-- Returns: ok(isRestored) | done - there is nothing left to do | gone
-- include ../../platform/redis/lua/_time.lua
-- include ../activity/_activity.lua
-- include ./_credentials.lua

-- A key is told of a moment after it was added, and the clocks of two machines differ.
local MARGIN_MS = 60000
local now = now_ms()
local account = redis.call('HMGET', KEY.account, 'status', 'email', 'securedAt', 'restoredAt', 'totp', 'disownedAt')
if not account[1] then return { 'gone' } end
local is_restored = ARG.email and ARG.email ~= account[2] and ARG.eventAtMs > tonumber(account[4] or '0')
local is_done = ARG.eventAtMs <= tonumber(account[6] or '0') or ARG.eventAtMs + MARGIN_MS <= tonumber(account[3] or '0')
if not is_restored and is_done then return { 'done' } end

if is_restored then
  redis.call('HSET', KEY.account, 'email', ARG.email, 'restoredAt', now)
  redis.call('HDEL', KEY.account, 'newEmail', 'newEmailId', 'newEmailEndsAt')
  redis.call('SREM', KEY.otherAddresses, ARG.newTag)
  redis.call('SADD', KEY.otherAddresses, ARG.oldTag)
end
local passkeys = redis.call('HGETALL', KEY.passkeys)
for i = 1, #passkeys, 2 do
  if cjson.decode(passkeys[i + 1]).createdAt >= ARG.eventAtMs - MARGIN_MS then redis.call('HDEL', KEY.passkeys, passkeys[i]) end
end
local left = redis.call('HLEN', KEY.passkeys)
if left > 0 then redis.call('HSET', KEY.account, 'passkeys', left) else redis.call('HDEL', KEY.account, 'passkeys') end
-- What else would be left may be too little: the mailbox has just been reached.
if left < #passkeys / 2 then redis.call('HDEL', KEY.account, 'emailCode') end
redis.call('HSET', KEY.account, 'passwordHash', '', 'securedAt', now, 'disownedAt', math.max(ARG.eventAtMs, tonumber(account[6] or '0')))
redis.call('DEL', KEY.devices)
if left == 0 and not account[5] then
  redis.call('DEL', KEY.recovery)
  redis.call('HDEL', KEY.account, 'recovery')
end
local changed = { 'password' }
if is_restored then changed[2] = 'email' end
if left < #passkeys / 2 then changed[#changed + 1] = 'secondFactors' end
tell_changed(KEY.account, unpack(changed))
end_all_but(KEY.account)
record_activity(KEY.account, now, ARG.actor, 'disowned', 'ok', 'email')
if is_restored then record_activity(KEY.account, now, ARG.actor, 'email_changed', 'ok', 'email') end
return { 'ok', is_restored and 1 or 0 }
