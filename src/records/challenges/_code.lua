-- include ../../platform/redis/lua/_budget.lua
-- `candidates`: the typed code's MAC under every key in use, separated by spaces.
local function is_right(stored, candidates)
  for candidate in string.gmatch(candidates, '%S+') do
    if candidate == stored then return true end
  end
  return false
end

-- Milliseconds until this account may have a code judged again; 0 = now, -1 = not before a reset or an admin lifts the lock.
local function guess_wait(account, failures, now, per_day, lock_after)
  local in_a_row = tonumber(redis.call('HGET', account, 'wrongInRow') or '0')
  if in_a_row >= lock_after then return -1 end
  return wait_for(failures, now, DAY_MS, per_day)
end
