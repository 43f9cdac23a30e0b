-- The account's own log, a stream whose ids are the moments. Written in the script that makes the change it tells of.
local ACTIVITY_EVENTS = 1000
local ACTIVITY_LIFE_MS = 180 * 86400000

-- `actor`: who asked, as `encodeActor()` in src/records/activity/activity.ts packs it: ip, device and actor, separated by tabs.
-- No `event`: what happens is part of something that is told already.
local function tell(account, now, trace, event, result, factor)
  -- A deleted account leaves no log, whatever was still on its way.
  if event == '' or redis.call('EXISTS', account) == 0 then return end
  local stream = string.sub(account, 1, -#'account' - 1) .. 'activity'
  local ip, device, actor = string.match(trace, '^(.-)\t(.-)\t(.*)$')
  redis.call('XADD', stream, 'MAXLEN', '=', ACTIVITY_EVENTS, '*',
    'event', event, 'result', result, 'factor', factor or '', 'ip', ip, 'device', device, 'actor', actor)
  redis.call('XTRIM', stream, 'MINID', '=', now - ACTIVITY_LIFE_MS)
  redis.call('PEXPIRE', stream, ACTIVITY_LIFE_MS)
end
