#!lua
-- Switches the authenticator on, or replaces the one that was on, after a first right code; the code's time step is spent. The asking
-- session has now given a second step, and all others end.
-- KEYS: account, session, pending, totp, recovery
-- ARGV: sealed, step, mostWrong, sid, actor, amr, ...hashes
-- Returns: ok | ended | gone | wrong(attemptsLeft)
-- include ../../platform/redis/lua/_time.lua
-- include ../activity/_activity.lua
-- include ../accounts/_credentials.lua

local now = now_ms()
if redis.call('EXISTS', KEY.session) == 0 or redis.call('HGET', KEY.account, 'status') ~= 'active' then return { 'ended' } end
if not ARG.sealed or redis.call('HGET', KEY.pending, 'secret') ~= ARG.sealed then
  record_activity(KEY.account, now, ARG.actor, 'totp_on', 'gone', 'totp')
  return { 'gone' }
end
if not ARG.step then
  record_activity(KEY.account, now, ARG.actor, 'totp_on', 'wrong', 'totp')
  local left = ARG.mostWrong - redis.call('HINCRBY', KEY.pending, 'wrong', 1)
  if left <= 0 then redis.call('DEL', KEY.pending) end
  return { 'wrong', left }
end

redis.call('DEL', KEY.pending, KEY.totp, KEY.recovery)
redis.call('HSET', KEY.totp, 'secret', ARG.sealed, 'lastStep', ARG.step)
redis.call('SADD', KEY.recovery, unpack(ARG.hashes))
local two_factor = redis.call('HGET', KEY.account, 'twoFactor')
redis.call('HSET', KEY.account, 'totp', 1, 'recovery', 1, 'twoFactor', 1)
if two_factor == '1' then tell_changed(KEY.account, 'secondFactors') else tell_changed(KEY.account, 'secondFactors', 'isTwoFactorEnabled') end
redis.call('HSET', KEY.session, 'amr', ARG.amr)
end_all_but(KEY.account, ARG.sid)
record_activity(KEY.account, now, ARG.actor, 'totp_on', 'ok', 'totp')
return { 'ok' }
