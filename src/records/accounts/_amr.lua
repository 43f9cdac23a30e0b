-- Whether a session was opened with more than a password, as hasSecondFactor() in sessions/amr.ts decides it.
local function has_second_factor(amr)
  for method in string.gmatch(amr, '%S+') do
    if method == 'otp' or method == 'device' or method == 'pop' then return true end
  end
  return false
end
