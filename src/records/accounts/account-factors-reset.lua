#!lua
-- Takes every second factor from somebody who has lost them; the mailed code is on again. Everything of the account ends.
-- KEYS: account, totp, totpPending, recovery, passkeys
-- ARGV: actor
-- Returns: ok(user) | gone | invited - it has no owner yet
-- include ../../platform/redis/lua/_time.lua
-- include ./_user.lua
-- include ../activity/_activity.lua
-- include ./_credentials.lua

local account = redis.call('HMGET', KEY.account, 'status', 'twoFactor')
if not account[1] then return { 'gone' } end
if account[1] == 'invited' then return { 'invited' } end
redis.call('DEL', KEY.totp, KEY.totpPending, KEY.recovery, KEY.passkeys)
redis.call('HDEL', KEY.account, 'totp', 'emailCode', 'passkeys', 'recovery')
redis.call('HSET', KEY.account, 'twoFactor', 1)
tell_changed(KEY.account, 'secondFactors', account[2] ~= '1' and 'isTwoFactorEnabled' or nil)
end_all_but(KEY.account)
record_activity(KEY.account, now_ms(), ARG.actor, 'factors_reset', 'ok')
return { 'ok', user_of(KEY.account) }
