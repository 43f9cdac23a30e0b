-- What the index of accounts keeps, as short as it can be: ids as bytes, and times so that the newest comes first.
local ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
local ID_BYTES = 16
local LAST_MOMENT = 2 ^ 48 - 1

local VALUES = {}
for i = 1, #ALPHABET do VALUES[string.byte(ALPHABET, i)] = i - 1 end

local function pack_id(id)
  local bytes, bits, held = {}, 0, 0
  for i = 1, #id do
    bits, held = bits * 64 + VALUES[string.byte(id, i)], held + 6
    if held >= 8 then
      held = held - 8
      bytes[#bytes + 1] = string.char(math.floor(bits / 2 ^ held))
      bits = bits % 2 ^ held
    end
  end
  return table.concat(bytes)
end

local function unpack_id(bytes)
  local letters, bits, held = {}, 0, 0
  for i = 1, #bytes do
    bits, held = bits * 256 + string.byte(bytes, i), held + 8
    while held >= 6 do
      held = held - 6
      local at = math.floor(bits / 2 ^ held)
      letters[#letters + 1] = string.sub(ALPHABET, at + 1, at + 1)
      bits = bits % 2 ^ held
    end
  end
  local last = bits * 2 ^ (6 - held)
  letters[#letters + 1] = string.sub(ALPHABET, last + 1, last + 1)
  return table.concat(letters)
end

local function pack_moment(ms)
  local left, bytes = LAST_MOMENT - ms, {}
  for i = 6, 1, -1 do
    bytes[i] = string.char(left % 256)
    left = math.floor(left / 256)
  end
  return table.concat(bytes)
end

-- Kinds of keys: 1 a list of accounts, the newest first; 2 a word; 3 what two words of one account begin with alike, for counting.
local function key_of(item, id, created_at)
  local kind, text = string.sub(item, 1, 1), string.sub(item, 2)
  if kind == '1' then return '\1' .. text .. '\0' .. pack_moment(created_at) .. pack_id(id) end
  -- How much of a word was there before, and which word it is, come last: what is sought is the beginning.
  return (kind == '2' and '\2' or '\3') .. string.sub(text, 2) .. '\0' .. pack_id(id) .. string.sub(text, 1, 1)
end

local function to_hex(bytes)
  return (string.gsub(bytes, '.', function (one) return string.format('%02x', string.byte(one)) end))
end

local function from_hex(hex)
  return (string.gsub(hex, '..', function (two) return string.char(tonumber(two, 16)) end))
end
