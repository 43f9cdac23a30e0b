// Made by `npm run api:types` from the OpenAPI document of the server. Not edited by hand.

export interface paths {
    "/events": {
        /** What happened to accounts and sessions */
        get: operations["listEvents"];
    };
    "/metrics": {
        /** Metrics of this server, for Prometheus */
        get: operations["getMetrics"];
    };
    "/.well-known/jwks.json": {
        /** The keys that verify access tokens */
        get: operations["getKeys"];
    };
    "/.well-known/oauth-authorization-server": {
        /** Where other services find keys and introspection */
        get: operations["getServerMetadata"];
    };
    "/.well-known/webauthn": {
        /** The origins that may use our passkeys */
        get: operations["getPasskeyOrigins"];
    };
    "/admin/activity": {
        /** What admins, service keys and the command line did to accounts, newest first */
        get: operations["listAdminActivity"];
    };
    "/admin/roles": {
        /** The roles that you have defined (`ROLES`) */
        get: operations["listRoles"];
    };
    "/admin/users": {
        /** List accounts, or find some by the beginning of address or name */
        get: operations["listUsers"];
        /** Invite somebody: mails a link */
        post: operations["inviteUser"];
    };
    "/admin/users/{id}/activity": {
        /** What happened to an account, newest first */
        get: operations["listUserActivity"];
    };
    "/admin/users/{id}": {
        /** One account */
        get: operations["getUser"];
        /** Delete an account, or revoke an invitation */
        delete: operations["deleteUser"];
        /** Change an account */
        patch: operations["updateUser"];
    };
    "/admin/users/{id}/invite": {
        /** Mail a new link to somebody who is invited */
        post: operations["renewInvitation"];
    };
    "/admin/users/{id}/logout": {
        /** End all sessions of an account */
        post: operations["logoutUser"];
    };
    "/admin/users/{id}/second-factors/reset": {
        /** Reset the second factors of somebody who has lost them */
        post: operations["resetUserSecondFactors"];
    };
    "/admin/users/{id}/sessions": {
        /** Where an account is signed in */
        get: operations["listUserSessions"];
    };
    "/auth/2fa": {
        /** The attempt in progress, for a code page that was reloaded */
        get: operations["getChallenge"];
    };
    "/auth/disown": {
        /** “This wasn’t me”: what a mail warned of was somebody else */
        post: operations["disown"];
    };
    "/auth/introspect": {
        /** Whether an access token is valid right now */
        post: operations["introspect"];
    };
    "/auth/invitation": {
        /** Who a mailed invitation is for */
        post: operations["getInvitation"];
    };
    "/auth/invitation/accept": {
        /** Accept an invitation: choose name and password */
        post: operations["acceptInvitation"];
    };
    "/auth/login": {
        /** Sign in: the password, then a code */
        post: operations["login"];
    };
    "/auth/logout-all": {
        /** End all sessions of this account */
        post: operations["logoutAll"];
    };
    "/auth/logout": {
        /** End this session */
        post: operations["logout"];
    };
    "/auth/me": {
        /** Who I am */
        get: operations["getMe"];
    };
    "/auth/reauthenticate": {
        /** Confirm that it is you */
        post: operations["reauthenticate"];
    };
    "/auth/refresh": {
        /** A fresh access token, and the next refresh token */
        post: operations["refresh"];
    };
    "/auth/register": {
        /** Sign up: mails a code */
        post: operations["register"];
    };
    "/auth/session": {
        /** Who is signed in in this browser */
        get: operations["getSession"];
    };
    "/auth/verify-otp": {
        /** Finish with the code or a passkey: signs in */
        post: operations["verifyOtp"];
    };
    "/auth/2fa/resend": {
        /** Send the code again, or over another channel */
        post: operations["resendCode"];
    };
    "/auth/2fa/passkey/options": {
        /** Give a passkey instead of a code: what it is to sign */
        post: operations["startPasskeySecondStep"];
    };
    "/auth/email/confirm": {
        /** Confirm a new address that somebody else has entered, by its mailed link */
        post: operations["confirmEmailLink"];
    };
    "/auth/passkeys/options": {
        /** Sign in with a passkey, first: what it is to sign */
        post: operations["startPasskeySignIn"];
    };
    "/auth/passkeys/verify": {
        /** Sign in with a passkey, then: what it has signed */
        post: operations["signInByPasskey"];
    };
    "/auth/password/forgot": {
        /** Ask for a password reset: mails a code */
        post: operations["forgotPassword"];
    };
    "/auth/password/reset": {
        /** Choose a new password with the mailed code */
        post: operations["resetPassword"];
    };
    "/auth/reauthenticate/passkey/options": {
        /** Confirm that it is you with a passkey, first: what it is to sign */
        post: operations["startPasskeyReauthentication"];
    };
    "/auth/reauthenticate/passkey": {
        /** Confirm that it is you with a passkey, then: what it has signed */
        post: operations["reauthenticateByPasskey"];
    };
    "/auth/reauthenticate/verify": {
        /** Finish a reauthentication with the code or a passkey */
        post: operations["verifyReauthentication"];
    };
    "/health/live": {
        /** Whether the process answers */
        get: operations["getLiveness"];
    };
    "/health/ready": {
        /** Whether the server can serve requests */
        get: operations["getReadiness"];
    };
    "/users/{id}": {
        /** Delete my account, at once and for good */
        delete: operations["deleteMe"];
        /** Change the profile, or turn two-step verification on or off */
        patch: operations["updateMe"];
    };
    "/users/password": {
        /** Change the password */
        put: operations["changePassword"];
    };
    "/users/me/activity": {
        /** What happened to my account, newest first */
        get: operations["listMyActivity"];
    };
    "/users/me/email": {
        /** Change the address: mails a code to the new one */
        post: operations["changeEmail"];
    };
    "/users/me/export": {
        /** Everything held about my account, in one file */
        get: operations["exportMyData"];
    };
    "/users/me/passkeys": {
        /** The passkeys, the oldest first */
        get: operations["listMyPasskeys"];
        /** Add a passkey, then: what the browser has created */
        post: operations["addPasskey"];
    };
    "/users/me/passkeys/options": {
        /** Add a passkey, first: what the browser is to create */
        post: operations["startPasskey"];
    };
    "/users/me/passkeys/{id}": {
        /** Remove a passkey */
        delete: operations["removePasskey"];
        /** Rename a passkey */
        patch: operations["renamePasskey"];
    };
    "/users/me/phone": {
        /** Set a phone number: sends it a code */
        post: operations["changePhone"];
        /** Remove the phone number */
        delete: operations["removePhone"];
    };
    "/users/me/recovery-codes": {
        /** How many recovery codes are left */
        get: operations["countMyRecoveryCodes"];
        /** New recovery codes, shown only here */
        post: operations["renewRecoveryCodes"];
    };
    "/users/me/totp": {
        /** Set up an authenticator app: shows its secret, once */
        post: operations["startTotp"];
        /** Remove the authenticator app */
        delete: operations["removeTotp"];
    };
    "/users/me/devices/{id}": {
        /** Stop trusting a browser */
        delete: operations["endMyDevice"];
    };
    "/users/me/devices": {
        /** My trusted browsers, the most recently used first */
        get: operations["listMyDevices"];
    };
    "/users/me/email/confirm": {
        /** Confirm the new address with its code */
        post: operations["confirmEmail"];
    };
    "/users/me/phone/confirm": {
        /** Confirm the phone number with its code */
        post: operations["confirmPhone"];
    };
    "/users/me/sessions": {
        /** My sessions, the most recently used first */
        get: operations["listMySessions"];
        /** End all my other sessions */
        delete: operations["endMyOtherSessions"];
    };
    "/users/me/sessions/{sid}": {
        /** End one of my sessions */
        delete: operations["endMySession"];
    };
    "/users/me/totp/confirm": {
        /** Turn the authenticator app on with its first code */
        post: operations["confirmTotp"];
    };
}
export interface components {
    schemas: {
        Event: {
            /** @description The same however often the event is delivered. */
            id: string;
            /** @description Its place in the log: always grows, with gaps. */
            seq: number;
            type: "account.created" | "account.updated" | "account.disabled" | "account.enabled" | "account.deleted" | "session.started" | "session.ended" | "sessions.ended";
            at: string;
            /** @description The id of the account. */
            subject: string;
            data: {
                /** @description With account.updated: the names of the fields. */
                changed?: string[];
                /** @description With session.started and session.ended. */
                sid?: string;
                /** @description With sessions.ended: the one that goes on. */
                keptSid?: string | null;
            };
        };
        EventsPage: { items: components["schemas"]["Event"][]; nextCursor: string | null; reset?: boolean; };
        FieldError: { path: string; message: string; };
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @description Stable: let your code decide by it. */
            code: "VALIDATION_FAILED" | "OTP_INVALID" | "OTP_EXPIRED" | "PASSWORD_WEAK" | "PASSKEY_INVALID" | "CREDENTIALS_INVALID" | "TOKEN_MISSING" | "TOKEN_INVALID" | "TOKEN_EXPIRED" | "CHALLENGE_INVALID" | "REFRESH_TOKEN_INVALID" | "REFRESH_TOKEN_REUSED" | "SESSION_ENDED" | "SECOND_FACTOR_REQUIRED" | "REAUTHENTICATION_REQUIRED" | "CAPTCHA_REQUIRED" | "FORBIDDEN" | "ORIGIN_FORBIDDEN" | "REGISTRATION_CLOSED" | "SCOPE_MISSING" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "CONFLICT" | "BODY_TOO_LARGE" | "MEDIA_TYPE_UNSUPPORTED" | "EXPECTATION_FAILED" | "OTP_ATTEMPTS_EXCEEDED" | "RESEND_TOO_EARLY" | "TOO_MANY_REQUESTS" | "HEADERS_TOO_LARGE" | "INTERNAL" | "SERVICE_UNAVAILABLE";
            requestId: string;
            errors?: components["schemas"]["FieldError"][];
            retryAfterSeconds?: number;
            attemptsLeft?: number;
            /** @description ALTCHA 2 challenge; send base64 of JSON { challenge, solution } as `captcha`. */
            captcha?: unknown;
            parts?: { [key: string]: string; };
        };
        AdminUser: {
            id: string;
            email: string;
            name: string;
            role: "user" | "admin";
            status: "active" | "disabled" | "invited";
            /** @description BCP 47: one of the languages on offer; `en`, `uk` and `ru` unless the operator has set `LOCALES`. */
            locale: string;
            isTwoFactorEnabled: boolean;
            secondFactors: ("passkey" | "totp" | "email" | "sms")[];
            createdAt: string;
            roles: string[];
            /** @description At most 1 KiB of JSON. */
            claims: { [key: string]: unknown; };
            /** @description A new address that its owner has not proven yet. */
            newEmail: { email: string; expiresAt: string; } | null;
            /** @description Of an invited account; `expiresAt` is null if no link was mailed. */
            invitation: { expiresAt: string | null; } | null;
            sessions: number;
            /** @description At 100 the code step is locked. */
            wrongCodesInRow: number;
        };
        Activity: {
            id: string;
            at: string;
            event: "sign_up" | "password" | "login" | "code_resent" | "reauthentication" | "logout" | "logout_all" | "session_ended" | "other_sessions_ended" | "refresh" | "password_changed" | "password_reset_requested" | "password_reset" | "disowned" | "profile_changed" | "two_factor_on" | "two_factor_off" | "email_code_on" | "email_code_off" | "totp_started" | "totp_on" | "totp_off" | "recovery_codes_new" | "passkey_added" | "passkey_renamed" | "passkey_removed" | "trusted_device_added" | "trusted_device_ended" | "trusted_device_reused" | "email_change_requested" | "email_changed" | "phone_requested" | "phone_on" | "phone_off" | "exported" | "account_deleted" | "role_changed" | "account_disabled" | "account_enabled" | "locks_lifted" | "sessions_ended_by_admin" | "roles_changed" | "claims_changed" | "factors_reset" | "invited" | "invitation_accepted";
            result: string;
            /** @description How often, if more than once: wrong passwords within a day of each other are one event, with time and place of the last. */
            times?: number;
            /** @description pwd, passkey, email, totp, sms, recovery_code or device. */
            factor: string | null;
            ip: string;
            device: string;
            /** @description `self`, `admin`, or the name of a service key. */
            actor: string;
        };
        Method: "passkey" | "email" | "totp" | "sms" | "recovery_code";
        Introspection: {
            /** @description If false, the answer has nothing else. */
            active: boolean;
            sub?: string;
            sid?: string;
            client_id?: string;
            iss?: string;
            aud?: string;
            jti?: string;
            iat?: number;
            exp?: number;
            auth_time?: number;
            amr?: string[];
            "2fa"?: boolean;
            roles?: string[];
            token_type?: string;
        };
        CodeMethod: "email" | "totp" | "sms" | "recovery_code";
        Challenge: {
            twoFactorRequired: true;
            method: components["schemas"]["Method"];
            methods: components["schemas"]["Method"][];
            /** @description Where a code goes, masked. */
            destination: string;
            message: string;
            /** @description Valid only for the second step of this attempt. Also set as the cookie `pending`. */
            pendingToken: string;
            /** @description Minutes the code lives, rounded up. */
            ttlMinutes: number;
            resendAfterSeconds: number;
        };
        User: {
            id: string;
            email: string;
            name: string;
            role: "user" | "admin";
            status: "active" | "disabled" | "invited";
            /** @description BCP 47: one of the languages on offer; `en`, `uk` and `ru` unless the operator has set `LOCALES`. */
            locale: string;
            isTwoFactorEnabled: boolean;
            secondFactors: ("passkey" | "totp" | "email" | "sms")[];
            createdAt: string;
            /** @description Of those in `ROLES`; absent if the account has none. */
            roles?: string[];
            /** @description At most 1 KiB of JSON. */
            claims?: { [key: string]: unknown; };
        };
        SignedIn: {
            twoFactorRequired: false;
            message: string;
            /** @description JWT, EdDSA or ES256, for `Authorization: Bearer`. */
            accessToken: string;
            tokenType: "Bearer";
            /** @description Seconds. */
            expiresIn: number;
            user: components["schemas"]["User"];
        };
        Proven: {
            twoFactorRequired: false;
            message: string;
            /** @description JWT, EdDSA or ES256, for `Authorization: Bearer`. */
            accessToken: string;
            tokenType: "Bearer";
            /** @description Seconds. */
            expiresIn: number;
            user: components["schemas"]["User"];
        };
        Tokens: {
            /** @description JWT, EdDSA or ES256, for `Authorization: Bearer`. */
            accessToken: string;
            tokenType: "Bearer";
            /** @description Seconds. */
            expiresIn: number;
            user: components["schemas"]["User"];
        };
        /** @description JSON for `navigator.credentials`. */
        PasskeyOptions: { [key: string]: unknown; };
        Attempt: {
            message: string;
            /** @description Valid only for the second step of this attempt. Also set as the cookie `pending`. */
            pendingToken: string;
            /** @description Minutes the code lives, rounded up. */
            ttlMinutes: number;
            resendAfterSeconds: number;
        };
        SentCode: {
            /** @description Where the code goes, masked. */
            destination: string;
            message: string;
            /** @description Valid only for the second step of this attempt. Also set as the cookie `pending`. */
            pendingToken: string;
            /** @description Minutes the code lives, rounded up. */
            ttlMinutes: number;
            resendAfterSeconds: number;
        };
        Passkey: {
            /** @description The credential id, as browsers know it. */
            id: string;
            name: string;
            createdAt: string;
            lastUsedAt: string | null;
            /** @description Whether it is on several devices or in a backup. */
            isSynced: boolean;
            transports: string[];
        };
        TrustedDevice: {
            /** @description Identifies the device; grants no access. */
            id: string;
            device: string;
            /** @description Where it signed in last. */
            ip: string;
            createdAt: string;
            /** @description When it signed in last. */
            lastSeenAt: string;
            /** @description Trusted until then; each sign-in moves it on. */
            expiresAt: string;
            /** @description Whether it is this browser. */
            current: boolean;
        };
        Session: {
            /** @description Identifies the session; grants no access. */
            id: string;
            device: string;
            /** @description Where it was seen last. */
            ip: string;
            createdAt: string;
            /** @description When it signed in or was refreshed last. */
            lastSeenAt: string;
            current: boolean;
            /** @description How its owner signed in (RFC 8176). */
            amr: ("pwd" | "otp" | "device" | "pop" | "mfa")[];
        };
    };
    responses: {
        Refused: { content: { "application/problem+json": components["schemas"]["Problem"]; }; };
        Unavailable: { content: { "application/problem+json": components["schemas"]["Problem"]; }; };
    };
}
export interface operations {
    listEvents: {
        parameters: {
            query?: {
                /** @description The `seq` of the last event that you have; 0 or nothing starts with the oldest. */
                after?: string;
                /** @description Instead of `after`: what has happened since this moment. */
                since?: string;
                /** @description Only these, separated by commas. */
                types?: string;
            };
            header?: {
                /** @description The `seq` of the last event that you have; 0 or nothing starts with the oldest. */
                "last-event-id"?: string;
            };
        };
        responses: { 200: { content: { "application/json": components["schemas"]["EventsPage"]; }; }; };
    };
    getMetrics: {
        responses: {
            /** @description Prometheus text format */
            200: { content: { "text/plain": string; }; };
        };
    };
    getKeys: { responses: { 200: { content: { "application/json": { keys: { [key: string]: string; }[]; }; }; }; }; };
    getServerMetadata: {
        responses: {
            200: {
                content: {
                    "application/json": {
                        issuer: string;
                        jwks_uri: string;
                        introspection_endpoint: string;
                        introspection_endpoint_auth_methods_supported: string[];
                        /** @description Empty: people sign in on our pages, not by a flow of OAuth. */
                        response_types_supported: string[];
                        /** @description Empty: people sign in on our pages, not by a flow of OAuth. */
                        grant_types_supported: string[];
                    };
                };
            };
        };
    };
    getPasskeyOrigins: { responses: { 200: { content: { "application/json": { origins: string[]; }; }; }; }; };
    listAdminActivity: {
        parameters: { query?: { cursor?: string; }; };
        responses: {
            200: {
                content: {
                    "application/json": {
                        items: {
                            at: string;
                            actor: { kind: "admin" | "key" | "cli"; id: string; name: string; };
                            action: "sign_up" | "password" | "login" | "code_resent" | "reauthentication" | "logout" | "logout_all" | "session_ended" | "other_sessions_ended" | "refresh" | "password_changed" | "password_reset_requested" | "password_reset" | "disowned" | "profile_changed" | "two_factor_on" | "two_factor_off" | "email_code_on" | "email_code_off" | "totp_started" | "totp_on" | "totp_off" | "recovery_codes_new" | "passkey_added" | "passkey_renamed" | "passkey_removed" | "trusted_device_added" | "trusted_device_ended" | "trusted_device_reused" | "email_change_requested" | "email_changed" | "phone_requested" | "phone_on" | "phone_off" | "exported" | "account_deleted" | "role_changed" | "account_disabled" | "account_enabled" | "locks_lifted" | "sessions_ended_by_admin" | "roles_changed" | "claims_changed" | "factors_reset" | "invited" | "invitation_accepted";
                            accountId: string;
                            ip: string;
                            device: string;
                            /** @description Why an account was disabled, as the admin wrote it. */
                            reason?: string;
                        }[];
                        nextCursor: string | null;
                    };
                };
            };
        };
    };
    listRoles: { responses: { 200: { content: { "application/json": { items: string[]; }; }; }; }; };
    listUsers: {
        parameters: {
            query?: {
                /** @description Beginnings of the address or of words of the name. */
                q?: string;
                cursor?: string;
                status?: "active" | "disabled" | "invited";
                /** @description user, admin, or one of ROLES. */
                role?: string;
                /** @description One address: ASCII before the @, the domain in any script, case ignored. */
                email?: string;
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": { items: components["schemas"]["AdminUser"][]; nextCursor: string | null; total: number | null; };
                };
            };
        };
    };
    inviteUser: {
        parameters: {
            header?: {
                /** @description Random, chosen by the client. Within 24 hours, the same request with the same key is done only once and answered again. */
                "idempotency-key"?: string;
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description One address: ASCII before the @, the domain in any script, case ignored. */
                    email: string;
                    name?: string;
                    /** @description BCP 47: one of the languages on offer; `en`, `uk` and `ru` unless the operator has set `LOCALES`. */
                    locale?: string;
                    /** @description Of those in `ROLES`. */
                    roles?: string[];
                    /** @description At most 1 KiB of JSON. */
                    claims?: { [key: string]: unknown; };
                };
            };
        };
        responses: {
            201: {
                content: { "application/json": { user: components["schemas"]["AdminUser"]; invitation: { expiresAt: string | null; }; }; };
            };
        };
    };
    listUserActivity: {
        parameters: { query?: { cursor?: string; }; path: { id: string; }; };
        responses: {
            200: { content: { "application/json": { items: components["schemas"]["Activity"][]; nextCursor: string | null; }; }; };
        };
    };
    getUser: {
        parameters: { path: { id: string; }; };
        responses: { 200: { content: { "application/json": { user: components["schemas"]["AdminUser"]; }; }; }; };
    };
    deleteUser: {
        parameters: {
            header?: {
                /** @description Random, chosen by the client. Within 24 hours, the same request with the same key is done only once and answered again. */
                "idempotency-key"?: string;
            };
            path: { id: string; };
        };
        responses: {
            /** @description Deleted. */
            204: { content?: never; };
        };
    };
    updateUser: {
        parameters: {
            header?: {
                /** @description Random, chosen by the client. Within 24 hours, the same request with the same key is done only once and answered again. */
                "idempotency-key"?: string;
            };
            path: { id: string; };
        };
        requestBody: {
            content: {
                "application/json": {
                    role?: "user" | "admin";
                    status?: "active" | "disabled";
                    /** @description For the log: why the status changes. */
                    reason?: string;
                    liftLocks?: true;
                    name?: string;
                    /** @description One address: ASCII before the @, the domain in any script, case ignored. */
                    email?: string;
                    /** @description Of those in `ROLES`. */
                    roles?: string[];
                    /** @description At most 1 KiB of JSON. */
                    claims?: { [key: string]: unknown; };
                };
            };
        };
        responses: { 200: { content: { "application/json": { user: components["schemas"]["AdminUser"]; }; }; }; };
    };
    renewInvitation: {
        parameters: {
            header?: {
                /** @description Random, chosen by the client. Within 24 hours, the same request with the same key is done only once and answered again. */
                "idempotency-key"?: string;
            };
            path: { id: string; };
        };
        responses: {
            200: {
                content: { "application/json": { user: components["schemas"]["AdminUser"]; invitation: { expiresAt: string | null; }; }; };
            };
        };
    };
    logoutUser: {
        parameters: {
            header?: {
                /** @description Random, chosen by the client. Within 24 hours, the same request with the same key is done only once and answered again. */
                "idempotency-key"?: string;
            };
            path: { id: string; };
        };
        responses: {
            /** @description Signed out everywhere. */
            204: { content?: never; };
        };
    };
    resetUserSecondFactors: {
        parameters: {
            header?: {
                /** @description Random, chosen by the client. Within 24 hours, the same request with the same key is done only once and answered again. */
                "idempotency-key"?: string;
            };
            path: { id: string; };
        };
        responses: { 200: { content: { "application/json": { user: components["schemas"]["AdminUser"]; }; }; }; };
    };
    listUserSessions: {
        parameters: { path: { id: string; }; };
        responses: {
            200: {
                content: {
                    "application/json": {
                        items: { id: string; device: string; ip: string; createdAt: string; lastSeenAt: string; amr: string[]; }[];
                        nextCursor: null;
                    };
                };
            };
        };
    };
    getChallenge: {
        responses: {
            200: {
                content: {
                    "application/json": {
                        purpose: string;
                        method: components["schemas"]["Method"];
                        methods: components["schemas"]["Method"][];
                        /** @description Where a code goes, masked. */
                        destination: string;
                        /** @description 0 if no code is on its way. */
                        codeExpiresInSeconds: number;
                        resendAfterSeconds: number;
                        attemptsLeft: number;
                    };
                };
            };
        };
    };
    disown: {
        requestBody: { content: { "application/json": { token: string; }; }; };
        responses: { 200: { content: { "application/json": { message: string; }; }; }; };
    };
    introspect: {
        requestBody: { content: { "application/x-www-form-urlencoded": { token: string; token_type_hint?: string; }; }; };
        responses: { 200: { content: { "application/json": components["schemas"]["Introspection"]; }; }; };
    };
    getInvitation: {
        requestBody: { content: { "application/json": { token: string; }; }; };
        responses: {
            200: {
                content: {
                    "application/json": {
                        email: string;
                        name: string;
                        /** @description BCP 47: one of the languages on offer; `en`, `uk` and `ru` unless the operator has set `LOCALES`. */
                        locale: string;
                        expiresAt: string;
                    };
                };
            };
        };
    };
    acceptInvitation: {
        parameters: {
            header?: {
                /** @description Random, chosen by the client. Within 24 hours, the same request with the same key is done only once and answered again. */
                "idempotency-key"?: string;
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    token: string;
                    name?: string;
                    password: string;
                    /** @description BCP 47: one of the languages on offer; `en`, `uk` and `ru` unless the operator has set `LOCALES`. */
                    locale?: string;
                };
            };
        };
        responses: { 200: { content: { "application/json": { message: string; email: string; }; }; }; };
    };
    login: {
        requestBody: {
            content: {
                "application/json": {
                    /** @description One address: ASCII before the @, the domain in any script, case ignored. */
                    email: string;
                    password: string;
                    /** @description Digits, or a recovery code; spaces and dashes are ignored. */
                    token?: string;
                    method?: components["schemas"]["CodeMethod"];
                    /** @description IANA name of the time zone that mails give times in, such as `Europe/Kyiv`. */
                    timeZone?: string;
                    /** @description Solution of the challenge that comes with CAPTCHA_REQUIRED. */
                    captcha?: string;
                };
            };
        };
        responses: { 200: { content: { "application/json": components["schemas"]["Challenge"] | components["schemas"]["SignedIn"]; }; }; };
    };
    logoutAll: {
        responses: {
            /** @description Signed out everywhere; cookies cleared. */
            204: { content?: never; };
        };
    };
    logout: {
        responses: {
            /** @description Signed out; cookies cleared. */
            204: { content?: never; };
        };
    };
    getMe: { responses: { 200: { content: { "application/json": { user: components["schemas"]["User"]; }; }; }; }; };
    reauthenticate: {
        requestBody: { content: { "application/json": { password: string; }; }; };
        responses: { 200: { content: { "application/json": components["schemas"]["Challenge"] | components["schemas"]["Proven"]; }; }; };
    };
    refresh: { responses: { 200: { content: { "application/json": components["schemas"]["Tokens"]; }; }; }; };
    register: {
        parameters: {
            header?: {
                /** @description Random, chosen by the client. Within 24 hours, the same request with the same key is done only once and answered again. */
                "idempotency-key"?: string;
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /** @description One address: ASCII before the @, the domain in any script, case ignored. */
                    email: string;
                    password: string;
                    /** @description BCP 47: one of the languages on offer; `en`, `uk` and `ru` unless the operator has set `LOCALES`. */
                    locale?: string;
                    /** @description IANA name of the time zone that mails give times in, such as `Europe/Kyiv`. */
                    timeZone?: string;
                    /** @description Solution of the challenge that comes with CAPTCHA_REQUIRED. */
                    captcha?: string;
                };
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": {
                        success: true;
                        /** @description Whether the mail is safely in the outbox. */
                        emailSent: boolean;
                        userId: string;
                        message: string;
                        /** @description Valid only for the second step of this attempt. Also set as the cookie `pending`. */
                        pendingToken: string;
                        /** @description Minutes the code lives, rounded up. */
                        ttlMinutes: number;
                        resendAfterSeconds: number;
                    };
                };
            };
        };
    };
    getSession: { responses: { 200: { content: { "application/json": { user: components["schemas"]["User"] | null; }; }; }; }; };
    verifyOtp: {
        parameters: {
            header?: {
                /** @description Random, chosen by the client. Within 24 hours, the same request with the same key is done only once and answered again. */
                "idempotency-key"?: string;
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Digits, or a recovery code; spaces and dashes are ignored. */
                    otp?: string;
                    method?: components["schemas"]["Method"];
                    /** @description The `PublicKeyCredential` as JSON (`toJSON()`). */
                    passkey?: unknown;
                    /** @description One address: ASCII before the @, the domain in any script, case ignored. */
                    email?: string;
                    /** @description Ask for no code in this browser for 30 days; each sign-in starts them anew. */
                    trustDevice?: boolean;
                    /** @description IANA name of the time zone that mails give times in, such as `Europe/Kyiv`. */
                    timeZone?: string;
                };
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": {
                        success: true;
                        message: string;
                        /** @description JWT, EdDSA or ES256, for `Authorization: Bearer`. */
                        accessToken: string;
                        tokenType: "Bearer";
                        /** @description Seconds. */
                        expiresIn: number;
                        user: components["schemas"]["User"];
                    };
                };
            };
        };
    };
    resendCode: {
        requestBody: {
            content: {
                "application/json": {
                    /** @description One address: ASCII before the @, the domain in any script, case ignored. */
                    email?: string;
                    method?: "email" | "sms";
                    /** @description Solution of the challenge that comes with CAPTCHA_REQUIRED. */
                    captcha?: string;
                };
            };
        };
        responses: { 200: { content: { "application/json": { message: string; ttlMinutes: number; resendAfterSeconds: number; }; }; }; };
    };
    startPasskeySecondStep: {
        requestBody: { content: { "application/json": Record<string, never>; }; };
        responses: { 200: { content: { "application/json": { options: components["schemas"]["PasskeyOptions"]; }; }; }; };
    };
    confirmEmailLink: {
        requestBody: { content: { "application/json": { token: string; }; }; };
        responses: { 200: { content: { "application/json": { message: string; }; }; }; };
    };
    startPasskeySignIn: {
        requestBody: { content: { "application/json": Record<string, never>; }; };
        responses: {
            200: {
                content: {
                    "application/json": {
                        options: components["schemas"]["PasskeyOptions"];
                        /** @description Valid only for `/auth/passkeys/verify`. Also set as the cookie `pending`. */
                        pendingToken: string;
                    };
                };
            };
        };
    };
    signInByPasskey: {
        requestBody: {
            content: {
                "application/json": {
                    /** @description The `PublicKeyCredential` as JSON (`toJSON()`). */
                    response: unknown;
                    /** @description Ask for no code in this browser for 30 days; each sign-in starts them anew. */
                    trustDevice?: boolean;
                    /** @description IANA name of the time zone that mails give times in, such as `Europe/Kyiv`. */
                    timeZone?: string;
                };
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": {
                        success: true;
                        message: string;
                        /** @description JWT, EdDSA or ES256, for `Authorization: Bearer`. */
                        accessToken: string;
                        tokenType: "Bearer";
                        /** @description Seconds. */
                        expiresIn: number;
                        user: components["schemas"]["User"];
                    };
                };
            };
        };
    };
    forgotPassword: {
        requestBody: {
            content: {
                "application/json": {
                    /** @description One address: ASCII before the @, the domain in any script, case ignored. */
                    email: string;
                    /** @description Solution of the challenge that comes with CAPTCHA_REQUIRED. */
                    captcha?: string;
                };
            };
        };
        responses: { 202: { content: { "application/json": components["schemas"]["Attempt"]; }; }; };
    };
    resetPassword: {
        parameters: {
            header?: {
                /** @description Random, chosen by the client. Within 24 hours, the same request with the same key is done only once and answered again. */
                "idempotency-key"?: string;
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description 6 digits; spaces and dashes are ignored. */
                    otp: string;
                    newPassword: string;
                };
            };
        };
        responses: { 200: { content: { "application/json": { message: string; }; }; }; };
    };
    startPasskeyReauthentication: {
        requestBody: { content: { "application/json": Record<string, never>; }; };
        responses: { 200: { content: { "application/json": { options: components["schemas"]["PasskeyOptions"]; }; }; }; };
    };
    reauthenticateByPasskey: {
        requestBody: {
            content: {
                "application/json": {
                    /** @description The `PublicKeyCredential` as JSON (`toJSON()`). */
                    response: unknown;
                };
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": {
                        message: string;
                        /** @description JWT, EdDSA or ES256, for `Authorization: Bearer`. */
                        accessToken: string;
                        tokenType: "Bearer";
                        /** @description Seconds. */
                        expiresIn: number;
                        user: components["schemas"]["User"];
                    };
                };
            };
        };
    };
    verifyReauthentication: {
        requestBody: {
            content: {
                "application/json": {
                    /** @description Digits, or a recovery code; spaces and dashes are ignored. */
                    otp?: string;
                    method?: components["schemas"]["Method"];
                    /** @description The `PublicKeyCredential` as JSON (`toJSON()`). */
                    passkey?: unknown;
                };
            };
        };
        responses: {
            200: {
                content: {
                    "application/json": {
                        message: string;
                        /** @description JWT, EdDSA or ES256, for `Authorization: Bearer`. */
                        accessToken: string;
                        tokenType: "Bearer";
                        /** @description Seconds. */
                        expiresIn: number;
                        user: components["schemas"]["User"];
                    };
                };
            };
        };
    };
    getLiveness: { responses: { 200: { content: { "application/json": { status: "ok"; }; }; }; }; };
    getReadiness: { responses: { 200: { content: { "application/json": { status: "ok"; parts: { [key: string]: string; }; }; }; }; }; };
    deleteMe: {
        parameters: {
            path: {
                /** @description `me`, or my own id. */
                id: string;
            };
        };
        responses: {
            /** @description Deleted; cookies cleared. */
            204: { content?: never; };
        };
    };
    updateMe: {
        parameters: {
            header?: {
                /** @description Random, chosen by the client. Within 24 hours, the same request with the same key is done only once and answered again. */
                "idempotency-key"?: string;
            };
            path: { id: string; };
        };
        requestBody: {
            content: {
                "application/json": {
                    name?: string;
                    /** @description BCP 47: one of the languages on offer; `en`, `uk` and `ru` unless the operator has set `LOCALES`. */
                    locale?: string;
                    isTwoFactorEnabled?: boolean;
                    isEmailCodeEnabled?: boolean;
                };
            };
        };
        responses: {
            200: {
                content: { "application/json": { user: components["schemas"]["User"]; challenge?: components["schemas"]["Challenge"]; }; };
            };
        };
    };
    changePassword: {
        parameters: {
            header?: {
                /** @description Random, chosen by the client. Within 24 hours, the same request with the same key is done only once and answered again. */
                "idempotency-key"?: string;
            };
        };
        requestBody: { content: { "application/json": { currentPassword: string; newPassword: string; }; }; };
        responses: { 200: { content: { "application/json": { message: string; }; }; }; };
    };
    listMyActivity: {
        parameters: { query?: { cursor?: string; }; };
        responses: {
            200: { content: { "application/json": { items: components["schemas"]["Activity"][]; nextCursor: string | null; }; }; };
        };
    };
    changeEmail: {
        requestBody: {
            content: {
                "application/json": {
                    /** @description One address: ASCII before the @, the domain in any script, case ignored. */
                    email: string;
                };
            };
        };
        responses: { 200: { content: { "application/json": components["schemas"]["SentCode"]; }; }; };
    };
    exportMyData: {
        responses: {
            200: {
                content: {
                    "application/json": {
                        exportedAt: string;
                        profile: components["schemas"]["User"];
                        phone: string | null;
                        /** @description The one that mails give times in. */
                        timeZone: string | null;
                        passkeys: components["schemas"]["Passkey"][];
                        recoveryCodesLeft: number;
                        wrongCodesInRow: number;
                        wrongCodesInLastDay: number;
                        mailsInLastDay: number;
                        /** @description Browsers that have signed in before; only the hash of a random cookie is held. */
                        knownDevices: number;
                        sessions: { id: string; device: string; ip: string; createdAt: string; lastSeenAt: string; amr: string[]; }[];
                        trustedDevices: {
                            id: string;
                            device: string;
                            ip: string;
                            createdAt: string;
                            lastSeenAt: string;
                            expiresAt: string;
                        }[];
                        /** @description Attempts that wait for a code. */
                        attempts: {
                            purpose: string;
                            createdAt: string;
                            ip: string;
                            device: string;
                            /** @description A new address or number that is not confirmed yet. */
                            destination: string | null;
                        }[];
                        activity: components["schemas"]["Activity"][];
                    };
                };
            };
        };
    };
    listMyPasskeys: {
        responses: {
            200: { content: { "application/json": { items: components["schemas"]["Passkey"][]; nextCursor: string | null; }; }; };
        };
    };
    addPasskey: {
        requestBody: {
            content: {
                "application/json": {
                    /** @description The `PublicKeyCredential` as JSON (`toJSON()`). */
                    response: unknown;
                    name?: string;
                };
            };
        };
        responses: {
            201: {
                content: {
                    "application/json": {
                        message: string;
                        /** @description The credential id, as browsers know it. */
                        id: string;
                        name: string;
                        createdAt: string;
                        lastUsedAt: string | null;
                        /** @description Whether it is on several devices or in a backup. */
                        isSynced: boolean;
                        transports: string[];
                    };
                };
            };
        };
    };
    startPasskey: {
        requestBody: { content: { "application/json": Record<string, never>; }; };
        responses: { 200: { content: { "application/json": { options: components["schemas"]["PasskeyOptions"]; }; }; }; };
    };
    removePasskey: {
        parameters: { path: { id: string; }; };
        responses: {
            /** @description Removed. */
            204: { content?: never; };
        };
    };
    renamePasskey: {
        parameters: { path: { id: string; }; };
        requestBody: { content: { "application/json": { name: string; }; }; };
        responses: { 200: { content: { "application/json": components["schemas"]["Passkey"]; }; }; };
    };
    changePhone: {
        requestBody: {
            content: {
                "application/json": {
                    /** @description E.164. */
                    phone: string;
                };
            };
        };
        responses: { 200: { content: { "application/json": components["schemas"]["SentCode"]; }; }; };
    };
    removePhone: { responses: { 200: { content: { "application/json": { message: string; user: components["schemas"]["User"]; }; }; }; }; };
    countMyRecoveryCodes: { responses: { 200: { content: { "application/json": { left: number; }; }; }; }; };
    renewRecoveryCodes: { responses: { 200: { content: { "application/json": { message: string; recoveryCodes: string[]; }; }; }; }; };
    startTotp: {
        responses: {
            200: {
                content: {
                    "application/json": {
                        message: string;
                        /** @description Base32, to type where no QR code can be scanned. */
                        secret: string;
                        /** @description `otpauth://totp/...`: the same for the app on this device. */
                        otpauth: string;
                        /** @description The same as a QR code: SVG text. */
                        qr: string;
                    };
                };
            };
        };
    };
    removeTotp: { responses: { 200: { content: { "application/json": { message: string; }; }; }; }; };
    endMyDevice: {
        parameters: { path: { id: string; }; };
        responses: {
            /** @description No longer trusted. */
            204: { content?: never; };
        };
    };
    listMyDevices: {
        responses: {
            200: { content: { "application/json": { items: components["schemas"]["TrustedDevice"][]; nextCursor: string | null; }; }; };
        };
    };
    confirmEmail: {
        parameters: {
            header?: {
                /** @description Random, chosen by the client. Within 24 hours, the same request with the same key is done only once and answered again. */
                "idempotency-key"?: string;
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description 6 digits; spaces and dashes are ignored. */
                    otp: string;
                    /** @description The attempt, if the cookie `pending` is not sent or belongs to another one. */
                    pendingToken?: string;
                };
            };
        };
        responses: { 200: { content: { "application/json": { message: string; user: components["schemas"]["User"]; }; }; }; };
    };
    confirmPhone: {
        parameters: {
            header?: {
                /** @description Random, chosen by the client. Within 24 hours, the same request with the same key is done only once and answered again. */
                "idempotency-key"?: string;
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description 6 digits; spaces and dashes are ignored. */
                    otp: string;
                    /** @description The attempt, if the cookie `pending` is not sent or belongs to another one. */
                    pendingToken?: string;
                };
            };
        };
        responses: { 200: { content: { "application/json": { message: string; user: components["schemas"]["User"]; }; }; }; };
    };
    listMySessions: {
        responses: {
            200: { content: { "application/json": { items: components["schemas"]["Session"][]; nextCursor: string | null; }; }; };
        };
    };
    endMyOtherSessions: {
        requestBody: {
            content: {
                "application/json": {
                    /** @default false */
                    keepTrustedDevices?: boolean;
                };
            };
        };
        responses: {
            /** @description Ended. */
            204: { content?: never; };
        };
    };
    endMySession: {
        parameters: { path: { sid: string; }; };
        responses: {
            /** @description Ended. */
            204: { content?: never; };
        };
    };
    confirmTotp: {
        requestBody: {
            content: {
                "application/json": {
                    /** @description 6 digits; spaces and dashes are ignored. */
                    otp: string;
                };
            };
        };
        responses: { 200: { content: { "application/json": { message: string; recoveryCodes: string[]; }; }; }; };
    };
}
