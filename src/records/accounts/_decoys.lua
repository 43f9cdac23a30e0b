-- Turns the attempts that an index names into decoys, all but `keep`: no code is right for them any more, and nothing of an account is left
-- in them. Who holds one must not learn that the owner of the address was there: waits, budgets and guesses stay as they are.
local function make_decoys(index, prefix, keep)
  for _, id in ipairs(redis.call('ZRANGE', index, 0, -1)) do
    if id ~= keep and redis.call('EXISTS', prefix .. id) == 1 then
      redis.call('HSET', prefix .. id, 'decoy', 1)
      redis.call('HDEL', prefix .. id, 'accountId', 'credentialVersion', 'name', 'passwordHash')
    end
  end
end
