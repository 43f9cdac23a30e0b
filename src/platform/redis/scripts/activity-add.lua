#!lua
-- Tells an account of something that changed nothing of it, such as a wrong password. Where there is no account the same is
-- written to a decoy that says nothing: Redis syncs a write to disk before it answers, and that time must not tell them apart.
-- KEYS: account. ARGV: trace, event, result, factor. Returns { 'ok' }.
-- include _time
-- include _activity

if redis.call('EXISTS', KEYS[1]) == 1 then
  tell(KEYS[1], now_ms(), ARGV[1], ARGV[2], ARGV[3], ARGV[4])
else
  local decoy = string.sub(KEYS[1], 1, -#'account' - 1) .. 'decoy'
  redis.call('XADD', decoy, 'MAXLEN', '=', 1, '*', 'event', 'none')
  redis.call('XTRIM', decoy, 'MINID', '=', now_ms() - ACTIVITY_LIFE_MS)
  redis.call('PEXPIRE', decoy, 60000)
end
return { 'ok' }
