// Takes every mail and forgets it; says its port, and how many it took whenever it took one.
import { SMTPServer } from 'smtp-server'

let taken = 0
const tell = () => process.send({ taken })
const server = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  onData: (stream, _session, done) => {
    stream.resume()
    stream.on('end', () => {
      taken++
      tell()
      done()
    })
  }
})
server.on('error', () => {})
const listening = server.listen(0, '127.0.0.1', () => { process.send({ port: listening.address().port }) })
process.on('disconnect', () => process.exit(0))
