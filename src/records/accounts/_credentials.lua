-- include ../../platform/redis/lua/_indexed.lua
-- include ../events/_events.lua
-- A changed credential ends every session but one, all running attempts and all trusted browsers.
local function end_all_but(account, keep_sid)
  local tag = string.sub(account, 1, -#'account' - 1)
  end_indexed(tag .. 'sessions', tag .. 's:', keep_sid)
  end_indexed(tag .. 'attempts', tag .. 'attempt:')
  end_indexed(tag .. 'trusted', tag .. 't:')
  -- An address that somebody else has set, and that waits for its owner.
  redis.call('HDEL', account, 'newEmail', 'newEmailId', 'newEmailEndsAt')
  redis.call('HINCRBY', account, 'credentialVersion', 1)
  tell(account, 'sessions.ended', keep_sid)
end
