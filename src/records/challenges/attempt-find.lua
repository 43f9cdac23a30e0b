#!lua flags=no-writes
-- Reads what a code page or the mail worker needs of an attempt, and of its account where it has one.
-- KEYS: attempt, account?
-- ARGV: none
-- Returns: ok(nowMs, fields, account) - account: email, name, locale, status, credentialVersion, emailCode, totp, phone,
--          passkeys, recovery | gone
-- include ../../platform/redis/lua/_time.lua

local fields = redis.call('HGETALL', KEY.attempt)
if #fields == 0 then return { 'gone' } end
local account = '[]'
if KEY.account then
  account = cjson.encode(redis.call('HMGET', KEY.account,
    'email', 'name', 'locale', 'status', 'credentialVersion', 'emailCode', 'totp', 'phone', 'passkeys', 'recovery'))
end
return { 'ok', now_ms(), fields, account }
