#!lua
-- Judges the code of a reset attempt. A right one is not spent here, so that a refused new password can be tried again; it is spent
-- by password-reset.lua, which can be done once per credential version.
-- KEYS: attempt, failures. ARGV: MACs of the typed code, wrong codes per attempt, wrong codes per day, attempt id.
-- Returns { 'ok', account id, credential version } | { 'gone' } | { 'locked', ms } | { 'expired' } | { 'wrong', left }.
-- include _time
-- include _budget
-- include _code

local now = now_ms()
local attempt = redis.call('HMGET', KEYS[1], 'purpose', 'wrong', 'decoy', 'codeMac', 'codeExpiresAt', 'accountId', 'credentialVersion')
local most = tonumber(ARGV[2])
if attempt[1] ~= 'reset' or tonumber(attempt[2]) >= most then return { 'gone' } end
local wait = wait_for(KEYS[2], now, DAY_MS, tonumber(ARGV[3]))
if wait > 0 then return { 'locked', wait } end
if tonumber(attempt[5]) <= now then return { 'expired' } end
if attempt[3] == '0' and is_right(attempt[4], ARGV[1]) then return { 'ok', attempt[6], attempt[7] } end
local wrong = redis.call('HINCRBY', KEYS[1], 'wrong', 1)
count_moment(KEYS[2], now, ARGV[4] .. wrong)
return { 'wrong', most - wrong }
