-- Walks through the requests of a file, parted by NUL bytes, again and again, and tells the figures as JSON.
local requests, place = {}, 0

function init (args)
  local file = assert(io.open(args[1], 'rb'))
  for request in file:read('*a'):gmatch('%Z+') do requests[#requests + 1] = request end
  file:close()
end

function request ()
  place = place % #requests + 1
  return requests[place]
end

function done (summary, latency)
  local errors = summary.errors
  io.write(string.format('\n{"answers":%d,"microseconds":%d,"refused":%d,"errors":%d,"p50":%d,"p90":%d,"p99":%d}\n', summary.requests, summary.duration,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout, latency:percentile(50), latency:percentile(90), latency:percentile(99)))
end
