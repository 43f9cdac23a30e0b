const TRAILER = 9
const END = 0xff
/** Of CRC-64 as Redis has it (Jones, reflected), in two halves: whole numbers of JavaScript end at 53 bits. */
const [POLY_HIGH, POLY_LOW] = [0x95ac9329, 0xac4bc9b5]
const [HIGH, LOW] = makeTables()

export interface RdbCheck {
  take: (chunk: Buffer) => void
  /** Why this is no whole snapshot; null when it is one. */
  problem: () => string | null
}

/** Reads a snapshot of Redis as it passes: whether it begins and ends like one, and has the checksum that stands at its end. */
export function createRdbCheck (): RdbCheck {
  let head = Buffer.alloc(0)
  // The checksum is not part of itself.
  let tail = Buffer.alloc(0)
  let [high, low] = [0, 0]
  const count = (bytes: Buffer): void => {
    for (const byte of bytes) {
      const index = (low ^ byte) & 0xff
      low = (LOW[index] ?? 0) ^ ((low >>> 8) | (high << 24))
      high = (HIGH[index] ?? 0) ^ (high >>> 8)
    }
  }
  return {
    take: (chunk) => {
      if (head.length < TRAILER) head = Buffer.concat([head, chunk.subarray(0, TRAILER)])
      const bytes = tail.length === 0 ? chunk : Buffer.concat([tail, chunk])
      const whole = Math.max(0, bytes.length - TRAILER)
      count(bytes.subarray(0, whole))
      tail = Buffer.from(bytes.subarray(whole))
    },
    problem: () => {
      if (!/^REDIS\d{4}|^VALKEY\d{3}/.test(head.toString('latin1'))) return 'it does not begin like a snapshot of Redis'
      if (tail.length < TRAILER || tail[0] !== END) return 'it ends in the middle'
      count(tail.subarray(0, 1))
      const [keptLow, keptHigh] = [tail.readUInt32LE(1), tail.readUInt32LE(5)]
      // Redis writes zero when it is told to count none (rdbchecksum no).
      const isRight = (keptLow === 0 && keptHigh === 0) || (keptLow === low >>> 0 && keptHigh === high >>> 0)
      return isRight ? null : 'its checksum is wrong'
    }
  }
}

function makeTables (): [Int32Array, Int32Array] {
  const [highs, lows] = [new Int32Array(256), new Int32Array(256)]
  for (let index = 0; index < 256; index++) {
    let [high, low] = [0, index]
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = (low & 1) === 1
      low = (low >>> 1) | (high << 31)
      high >>>= 1
      if (isOdd) [high, low] = [high ^ POLY_HIGH, low ^ POLY_LOW]
    }
    highs[index] = high
    lows[index] = low
  }
  return [highs, lows]
}
