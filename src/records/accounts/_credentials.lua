-- include ../../platform/redis/lua/_indexed.lua
-- A changed credential ends every session but one, all running attempts and all trusted browsers.
local function end_all_but(account, keep_sid)
  local tag = string.sub(account, 1, -#'account' - 1)
  end_indexed(tag .. 'sessions', tag .. 's:', keep_sid)
  end_indexed(tag .. 'attempts', tag .. 'attempt:')
  end_indexed(tag .. 'trusted', tag .. 't:')
  redis.call('HINCRBY', account, 'credentialVersion', 1)
end
