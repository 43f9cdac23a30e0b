-- What no change of a credential may leave behind: sessions (but one), running attempts, trusted devices.
local function end_all_but(account, keep_sid)
  local tag = string.sub(account, 1, -#'account' - 1)
  local function drop(index, prefix, keep)
    for _, id in ipairs(redis.call('ZRANGE', tag .. index, 0, -1)) do
      if id ~= keep then
        redis.call('DEL', tag .. prefix .. id)
        redis.call('ZREM', tag .. index, id)
      end
    end
  end
  drop('sessions', 's:', keep_sid)
  drop('attempts', 'attempt:', '')
  drop('trusted', 't:', '')
  redis.call('HINCRBY', account, 'credentialVersion', 1)
end
