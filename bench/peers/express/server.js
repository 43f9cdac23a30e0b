// The classic stack, written the usual way: Express 5, jsonwebtoken, bcrypt, sessions in Redis.
import bcrypt from 'bcrypt'
import express from 'express'
import jwt from 'jsonwebtoken'
import { createClient } from 'redis'

const { REDIS_PATH, PORT, BENCH_JWT_SECRET } = process.env
const redis = createClient({ socket: { path: REDIS_PATH } })
await redis.connect()

const app = express()
app.use(express.json())
app.get('/', (_req, res) => { res.send('ready') })

async function authenticate (req, res, next) {
  try {
    req.claims = jwt.verify(req.headers.authorization.split(' ')[1], BENCH_JWT_SECRET, { algorithms: ['HS256'] })
  } catch {
    res.status(401).json({ error: 'Unauthorized' })
    return
  }
  if (!await redis.exists(`express:session:${req.claims.sid}`)) {
    res.status(401).json({ error: 'Session ended' })
    return
  }
  next()
}

app.get('/auth/me', authenticate, async (req, res) => {
  const user = JSON.parse(await redis.get(`express:user:${req.claims.sub}`))
  res.json({ user })
})

app.post('/auth/login', async (req, res) => {
  const { email, password } = req.body
  const record = await redis.get(`express:login:${email}`)
  const user = record && JSON.parse(record)
  if (!user || !await bcrypt.compare(password, user.passwordHash)) {
    res.status(401).json({ error: 'Wrong e-mail or password' })
    return
  }
  res.json({ twoFactorRequired: true })
})

app.listen(Number(PORT), '127.0.0.1')
