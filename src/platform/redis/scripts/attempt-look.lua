#!lua flags=no-writes
-- What a code page or the mail worker needs of an attempt. KEYS: attempt [, account].
-- Returns { 'ok', now, ms the attempt lives, attempt's fields and values, account's email, name, locale, status, credential version, emailCode, totp, phone } | { 'gone' }.
-- include _time

local fields = redis.call('HGETALL', KEYS[1])
if #fields == 0 then return { 'gone' } end
local account = {}
if KEYS[2] then account = redis.call('HMGET', KEYS[2], 'email', 'name', 'locale', 'status', 'credentialVersion', 'emailCode', 'totp', 'phone') end
return { 'ok', now_ms(), redis.call('PTTL', KEYS[1]), fields, account }
