const LOCAL = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?'

/**
 * One ASCII mailbox (RFC 5321 dot-string and host name), spaces around it allowed because phones add them. Anything a mail library
 * might read as a second recipient, and letters that only look like ASCII, do not match. Other scripts: as punycode.
 */
export const ADDRESS_PATTERN = `^ *${LOCAL}@(?:${LABEL}\\.)+${LABEL} *$`
