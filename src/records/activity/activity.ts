/** Everything that can stand in an account's log. A refresh that simply works is no event. */
export const EVENTS = [
  'sign_up', 'password', 'login', 'code_resent', 'reauthentication', 'logout', 'logout_all', 'session_ended', 'other_sessions_ended',
  'refresh',
  'password_changed', 'password_reset_requested', 'password_reset', 'disowned', 'profile_changed',
  'two_factor_on', 'two_factor_off', 'email_code_on', 'email_code_off', 'totp_started', 'totp_on', 'totp_off', 'recovery_codes_new',
  'passkey_added', 'passkey_renamed', 'passkey_removed',
  'trusted_device_added', 'trusted_device_ended', 'trusted_device_reused',
  'email_change_requested', 'email_changed', 'phone_requested', 'phone_on', 'phone_off', 'exported', 'account_deleted',
  'role_changed', 'account_disabled', 'account_enabled', 'locks_lifted', 'sessions_ended_by_admin', 'roles_changed', 'claims_changed',
  'factors_reset', 'invited', 'invitation_accepted'
] as const

export type EventName = typeof EVENTS[number]
