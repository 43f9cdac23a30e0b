// Made by `npm run texts:args` out of the English sentences.

type Value = string | number

/** What each sentence names that names anything. */
export interface TextArgs {
  'admin.list.total': { n: number }
  'admin.list.soFar': { n: number }
  'admin.invite.sent': { email: Value }
  'admin.facts.on': { methods: Value }
  'admin.invitation.until': { date: Value }
  'admin.invitation.over': { date: Value }
  'admin.factors.locksLead': { n: Value }
  'admin.identity.sent': { email: Value }
  'admin.roles.claimsHint': { sample: Value }
  'admin.remove.type': { address: Value }
  'admin.log.by.admin': { name: Value }
  'admin.log.by.key': { name: Value }
  'admin.log.by.cli': { name: Value }
  'admin.log.reason': { reason: Value }
  'admin.log.account': { name: Value }
  'mail.greeting': { name: Value }
  'mail.codeLifetime': { minutes: number }
  'mail.source.deviceOn': { browser: Value, system: Value }
  'mails.roleChanged.subject': { brand: Value }
  'mails.accountDisabled.subject': { brand: Value }
  'mails.accountEnabled.subject': { brand: Value }
  'mails.locksLifted.subject': { brand: Value }
  'mails.factorsReset.subject': { brand: Value }
  'mails.invitation.subject': { brand: Value }
  'mails.invitation.body': { brand: Value }
  'mails.emailChangeLink.subject': { brand: Value }
  'mails.emailChangeLink.body': { brand: Value }
  'mails.resetCode.subject': { code: Value, brand: Value }
  'mails.resetCode.lead': { code: Value }
  'mails.passwordChanged.subject': { brand: Value }
  'mails.passwordReset.subject': { brand: Value }
  'mails.twoFactorOn.subject': { brand: Value }
  'mails.twoFactorOff.subject': { brand: Value }
  'mails.emailCodeOn.subject': { brand: Value }
  'mails.emailCodeOff.subject': { brand: Value }
  'mails.totpOn.subject': { brand: Value }
  'mails.totpOff.subject': { brand: Value }
  'mails.recoveryCodesNew.subject': { brand: Value }
  'mails.recoveryCodeUsed.subject': { brand: Value }
  'mails.recoveryCodeUsed.lead': { left: number }
  'mails.codesLocked.subject': { brand: Value }
  'mails.passkeyCloned.subject': { brand: Value }
  'mails.passkeyRemoved.subject': { brand: Value }
  'mails.passkeyAdded.subject': { brand: Value }
  'mails.emailChangeCode.subject': { code: Value, brand: Value }
  'mails.emailChangeCode.lead': { code: Value }
  'mails.emailChangeRequested.subject': { brand: Value }
  'mails.emailChanged.subject': { brand: Value }
  'mails.accountDeleted.subject': { brand: Value }
  'mails.phoneOn.subject': { brand: Value }
  'mails.phoneOff.subject': { brand: Value }
  'mails.signUpCode.subject': { code: Value, brand: Value }
  'mails.signUpCode.lead': { code: Value }
  'mails.loginCode.subject': { code: Value, brand: Value }
  'mails.loginCode.lead': { code: Value }
  'mails.reauthCode.subject': { code: Value, brand: Value }
  'mails.reauthCode.lead': { code: Value }
  'mails.accountExists.subject': { brand: Value }
  'mails.refreshTheft.subject': { brand: Value }
  'mails.wrongCodes.subject': { brand: Value }
  'mails.trustedDeviceReused.subject': { brand: Value }
  'mails.newDevice.subject': { brand: Value }
  'messages.codeSent': { destination: Value }
  'messages.codeSentLogin': { destination: Value }
  'messages.codeSentPhone': { destination: Value }
  'shortMessages.loginCode': { code: Value, brand: Value, ttlMinutes: Value }
  'shortMessages.phoneCode': { code: Value, brand: Value, ttlMinutes: Value }
  'shell.cookiesHelp': { host: Value }
  'mailbox.arrived': { subject: Value }
  'pages.common.continueTo': { brand: Value }
  'pages.common.tryAgainIn': { clock: Value }
  'pages.fields.meant': { address: Value }
  'pages.fields.passwordRule': { min: number }
  'pages.fields.passwordShort': { missing: number }
  'pages.register.sentTo': { address: Value, digits: Value }
  'pages.code.leadSent': { digits: Value, destination: Value }
  'pages.code.leadNotSent': { destination: Value }
  'pages.code.label': { digits: number }
  'pages.code.validFor': { clock: Value }
  'pages.code.left': { n: number }
  'pages.code.resendIn': { clock: Value }
  'pages.code.secondsLeft': { n: number }
  'pages.forgot.leadNew': { address: Value, digits: Value }
  'pages.dashboard.heading': { name: Value }
  'pages.logout.lead': { email: Value }
  'pages.leave.circle': { brand: Value }
  'pages.wait.seconds': { n: number }
  'pages.wait.minutes': { n: number }
  'pages.wait.hours': { n: number }
  'pages.wait.tryAgainIn': { wait: Value }
  'pages.problems.OTP_INVALID.nextLeft': { attemptsLeft: number }
  'pages.problems.OTP_ATTEMPTS_EXCEEDED.next': { tryAgain: Value }
  'pages.problems.RESEND_TOO_EARLY.next': { tryAgain: Value }
  'pages.problems.TOO_MANY_REQUESTS.next': { tryAgain: Value }
  'pages.problems.SERVICE_UNAVAILABLE.next': { tryAgain: Value }
  'wait.tryAgainIn': { wait: Value }
  'problems.OTP_INVALID.detailLeft': { attemptsLeft: number }
  'problems.METHOD_NOT_ALLOWED.detailAllowed': { allow: Value }
  'problems.OTP_ATTEMPTS_EXCEEDED.detail': { tryAgain: Value }
  'problems.RESEND_TOO_EARLY.detailWait': { wait: Value }
  'problems.TOO_MANY_REQUESTS.detail': { tryAgain: Value }
  'problems.SERVICE_UNAVAILABLE.detail': { tryAgain: Value }
  'validation.required': { field: Value }
  'validation.additionalProperties': { field: Value }
  'validation.type': { expected: Value }
  'validation.minLength': { n: number }
  'validation.maxLength': { n: number }
  'validation.enum': { values: Value }
  'validation.passwordTooShort': { n: number }
  'validation.passwordTooLong': { n: number }
  'wait.seconds': { n: number }
  'wait.minutes': { n: number }
  'wait.hours': { n: number }
  'settings.passkeys.renameOf': { name: Value }
  'settings.passkeys.removeOf': { name: Value }
  'settings.passkeys.removeTitle': { name: Value }
  'settings.recoveryCodes.left': { left: number }
  'settings.recoveryCodes.fileLead': { brand: Value, email: Value }
  'settings.devices.endOf': { device: Value }
  'settings.sessions.endOf': { device: Value }
  'settings.sessions.othersLead': { n: number }
  'settings.email.now': { address: Value }
  'settings.activity.moreCount': { n: Value }
  'settings.activity.times': { n: number }
  'settings.data.deleteType': { address: Value }
}
