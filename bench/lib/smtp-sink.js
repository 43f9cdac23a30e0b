// Takes every mail and forgets it; says its port, and the address whenever it took one.
import { SMTPServer } from 'smtp-server'

const server = new SMTPServer({
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  onData: (stream, { envelope }, done) => {
    stream.resume()
    stream.on('end', () => {
      process.send({ to: envelope.rcptTo[0].address })
      done()
    })
  }
})
server.on('error', () => {})
const listening = server.listen(0, '127.0.0.1', () => { process.send({ port: listening.address().port }) })
process.on('disconnect', () => process.exit(0))
