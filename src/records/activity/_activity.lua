-- An account's own log is a stream whose ids are the moments. The script that makes a change writes it down in the same step.
local ACTIVITY_EVENTS = 1000
local ACTIVITY_LIFE_MS = 180 * 86400000

-- Who asked, as actor.ts packs it: ip, device, and who did it in place of the owner or ''.
local function read_actor(actor)
  return string.match(actor, '^(.-)\t(.-)\t(.*)$')
end

-- Without an `event` nothing is written: what happens is part of something that is in the log already. `times` says how often, if not once.
local function record_activity(account, now, actor, event, result, factor, times)
  -- A deleted account leaves no log, whatever was still on its way.
  if event == '' or redis.call('EXISTS', account) == 0 then return end
  local stream = string.sub(account, 1, -#'account' - 1) .. 'activity'
  local ip, device, admin = read_actor(actor)
  redis.call('XADD', stream, 'MAXLEN', '=', ACTIVITY_EVENTS, '*',
    'event', event, 'result', result, 'factor', factor or '', 'ip', ip, 'device', device, 'actor', admin,
    unpack((times or 1) > 1 and { 'times', times } or {}))
  redis.call('XTRIM', stream, 'MINID', '=', now - ACTIVITY_LIFE_MS)
  redis.call('PEXPIRE', stream, ACTIVITY_LIFE_MS)
end
