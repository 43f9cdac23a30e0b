-- Judges the generation that a token names against the one kept, for sessions and trusted browsers alike.
-- A turn that lies further ahead than the grace is none of just now: the clock was set back.
-- Returns 'turn' | 'repeat' (used just now: the same successor again, for two tabs or a lost answer) | 'reused' (used before
-- that: somebody has a copy) | 'ahead' (Redis lost what it had: it was rolled back).
local function judge_generation(presented, current, turned_at, now, grace)
  if presented > current then return 'ahead' end
  if presented == current then return 'turn' end
  if presented == current - 1 and math.abs(now - turned_at) <= grace then return 'repeat' end
  return 'reused'
end
