// Made by `npm run api:types` from the OpenAPI document of the server. Not edited by hand.

export interface paths {
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What this server counts, for Prometheus
         * @description Answers whoever brings `METRICS_TOKEN`; outside production also callers on the same machine.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Prometheus text format */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The keys that verify access tokens
         * @description RFC 7517. Other services verify offline with it; that a session lives, only this server knows.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            keys: {
                                [key: string]: string;
                            }[];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List accounts, or find one by its address
         * @description About 50 a page, in no order; go on with `nextCursor` until it is null.
         */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                    /**
                     * @description One address, ASCII before the @, the domain in any script; upper and lower case are the same.
                     * @example olena@example.org
                     */
                    email?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["User"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{id}/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened to an account, newest first */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                };
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Activity"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{id}/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End all sessions of an account */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Signed out everywhere. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One account */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            user: components["schemas"]["AdminUser"];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change role or status, or lift the lock of the code step
         * @description A change of role or status ends every session of the account. Nobody changes their own.
         */
        patch: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {string} */
                        role?: "user" | "admin";
                        /** @enum {string} */
                        status?: "active" | "disabled";
                        /** @enum {boolean} */
                        liftLocks?: true;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            user: components["schemas"]["User"];
                        };
                    };
                };
            };
        };
        trace?: never;
    };
    "/auth/2fa": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The running attempt, for a code page that was reloaded */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            purpose: string;
                            method: components["schemas"]["Method"];
                            methods: components["schemas"]["Method"][];
                            /** @description Where a code goes, masked. */
                            destination: string;
                            /** @description 0 when no code runs. */
                            codeExpiresInSeconds: number;
                            resendAfterSeconds: number;
                            attemptsLeft: number;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in: password, then a second step
         * @description Answers a challenge (`twoFactorRequired: true`) and mails a code, or the tokens at once where the account has no second step or trusts this browser (cookie `trusted`). With `token` it finishes the login that this browser started.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * Format: email
                         * @description One address, ASCII before the @, the domain in any script; upper and lower case are the same.
                         * @example olena@example.org
                         */
                        email: string;
                        /** @example wooden-lantern-tide */
                        password: string;
                        /**
                         * @description Digits, or a recovery code; blanks and dashes do not matter.
                         * @example 123456
                         */
                        token?: string;
                        method?: components["schemas"]["Method"];
                        /** @description Solution of the challenge that a CAPTCHA_REQUIRED carries. */
                        captcha?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Challenge"] | components["schemas"]["SignedIn"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/logout-all": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End all sessions of this account
         * @description Its trusted devices end too.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Signed out everywhere; cookies cleared. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End this session
         * @description Its access token is refused from the next request on. Without a session, or twice, it is 204 as well.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Signed out; cookies cleared. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who I am */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            user: components["schemas"]["User"];
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/reauthenticate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prove again who you are
         * @description For what asks for a recent proof (10 minutes). Answers a fresh access token of the same session, or a challenge as a login does, to be finished by `/auth/reauthenticate/verify`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @example wooden-lantern-tide */
                        password: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Challenge"] | components["schemas"]["Proven"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A fresh access token, and the next refresh token
         * @description Rotates the cookie `refresh` at every use. The same token again within 10 seconds gets the same successor; an older one ends the session.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description JWT, EdDSA or ES256, for `Authorization: Bearer`. */
                            accessToken: string;
                            /** @enum {string} */
                            tokenType: "Bearer";
                            /** @description Seconds. */
                            expiresIn: number;
                            user: components["schemas"]["User"];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign up: mails a code
         * @description The account exists from the moment the code is confirmed by `POST /auth/verify-otp`. For an address that has an account the answer is the same, no code is mailed, and its owner gets a notice.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Random, made by the client: the same request with the same key is done once, and answered again for 24 hours.
                     * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
                     */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @example Olena */
                        name: string;
                        /**
                         * Format: email
                         * @description One address, ASCII before the @, the domain in any script; upper and lower case are the same.
                         * @example olena@example.org
                         */
                        email: string;
                        /** @example wooden-lantern-tide */
                        password: string;
                        /** @enum {string} */
                        locale?: "en" | "uk" | "ru";
                        /** @description Solution of the challenge that a CAPTCHA_REQUIRED carries. */
                        captcha?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            /** @description The mail was accepted by the durable outbox. */
                            emailSent: boolean;
                            userId: string;
                            message: string;
                            /** @description Opens only the second step of this attempt. Also set as the cookie `pending`. */
                            pendingToken: string;
                            /** @description Minutes the code lives, rounded up. */
                            ttlMinutes: number;
                            resendAfterSeconds: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who is signed in in this browser
         * @description By the cookie `refresh`; nothing is turned or prolonged. For a page that wants to know whether to offer a sign-in.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            user: components["schemas"]["User"] | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/verify-otp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give the code: signs in
         * @description Finishes the sign-up or the login that the pending token (Bearer, else cookie `pending`) belongs to. Without `method` the one that the challenge offered.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Random, made by the client: the same request with the same key is done once, and answered again for 24 hours.
                     * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
                     */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Digits, or a recovery code; blanks and dashes do not matter.
                         * @example 123456
                         */
                        otp: string;
                        method?: components["schemas"]["Method"];
                        /**
                         * Format: email
                         * @description One address, ASCII before the @, the domain in any script; upper and lower case are the same.
                         * @example olena@example.org
                         */
                        email?: string;
                        /** @description Ask this browser for no code at the next logins, for 30 days after each. */
                        trustDevice?: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {boolean} */
                            success: true;
                            message: string;
                            /** @description JWT, EdDSA or ES256, for `Authorization: Bearer`. */
                            accessToken: string;
                            /** @enum {string} */
                            tokenType: "Bearer";
                            /** @description Seconds. */
                            expiresIn: number;
                            user: components["schemas"]["User"];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/2fa/resend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send the code again, or over another channel
         * @description The same code while at least half its life is left, else (and over another channel) a new one; then the old one dies.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * Format: email
                         * @description One address, ASCII before the @, the domain in any script; upper and lower case are the same.
                         * @example olena@example.org
                         */
                        email?: string;
                        method?: "email" | "sms";
                        /** @description Solution of the challenge that a CAPTCHA_REQUIRED carries. */
                        captcha?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            message: string;
                            ttlMinutes: number;
                            resendAfterSeconds: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/password/forgot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Forgot the password: mails a code
         * @description The same answer for any address. Where there is no account, no code is mailed.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * Format: email
                         * @description One address, ASCII before the @, the domain in any script; upper and lower case are the same.
                         * @example olena@example.org
                         */
                        email: string;
                        /** @description Solution of the challenge that a CAPTCHA_REQUIRED carries. */
                        captcha?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            message: string;
                            /** @description Opens only the second step of this attempt. Also set as the cookie `pending`. */
                            pendingToken: string;
                            /** @description Minutes the code lives, rounded up. */
                            ttlMinutes: number;
                            resendAfterSeconds: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/password/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Choose a new password with the mailed code
         * @description Signs nobody in and skips no second step. Ends all sessions, and lifts the lock of the code step. A refused new password does not spend the code.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Random, made by the client: the same request with the same key is done once, and answered again for 24 hours.
                     * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
                     */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description 6 digits; blanks and dashes do not matter.
                         * @example 123456
                         */
                        otp: string;
                        /** @example wooden-lantern-tide */
                        newPassword: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            message: string;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/reauthenticate/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give the second step of a reauthentication
         * @description Answers a fresh access token of the same session. Wrong codes count like those of a login; when the attempt is used up the session ends.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description Digits, or a recovery code; blanks and dashes do not matter.
                         * @example 123456
                         */
                        otp: string;
                        method?: components["schemas"]["Method"];
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            message: string;
                            /** @description JWT, EdDSA or ES256, for `Authorization: Bearer`. */
                            accessToken: string;
                            /** @enum {string} */
                            tokenType: "Bearer";
                            /** @description Seconds. */
                            expiresIn: number;
                            user: components["schemas"]["User"];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The process answers */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The server can serve
         * @description 503 while Redis is away or refused; with one shard of a Cluster away (`partly`) the others serve on. `parts.reason` tells why it takes no writes, where it says so: `full`, `cannot_save`, `replica`, `no_replicas`, `loading`, `cluster_down`, `no_access`. Mail being away is told but does not make the server unready: mails wait in the outbox.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @enum {string} */
                            status: "ok";
                            parts: {
                                [key: string]: string;
                            };
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Delete my account, at once and for good
         * @description Nothing of it stays, every token of it is refused from the next request on, and the address can sign up again. `CONFLICT` for an admin, who has to give up the role first.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description `me`, or my own id. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Gone; cookies cleared. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        /**
         * Change the profile, or the switches of the second step
         * @description The switches need a recent proof, both ways. Switching the second step on ends every session without one and mails the first code at once (`challenge`, cookie `pending`); off is refused where the operator requires it, for admins, and while the password is shorter than 15 characters. The e-mail code can be switched off only beside an authenticator.
         */
        patch: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Random, made by the client: the same request with the same key is done once, and answered again for 24 hours.
                     * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
                     */
                    "idempotency-key"?: string;
                };
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @example Olena */
                        name?: string;
                        /** @enum {string} */
                        locale?: "en" | "uk" | "ru";
                        isTwoFactorEnabled?: boolean;
                        isEmailCodeEnabled?: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            user: components["schemas"]["User"];
                            challenge?: components["schemas"]["Challenge"];
                        };
                    };
                };
            };
        };
        trace?: never;
    };
    "/users/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Change the password
         * @description Ends all other sessions, running attempts and trusted devices, and mails the owner. A wrong current password counts like a wrong login; too many end the session.
         */
        put: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Random, made by the client: the same request with the same key is done once, and answered again for 24 hours.
                     * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
                     */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @example wooden-lantern-tide */
                        currentPassword: string;
                        /** @example wooden-lantern-tide */
                        newPassword: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            message: string;
                        };
                    };
                };
            };
        };
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/me/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happened to my account, newest first
         * @description The last 1,000 security events of the last 180 days, 50 a page. A refresh that simply works is none.
         */
        get: {
            parameters: {
                query?: {
                    cursor?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Activity"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/me/email": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the address: mails a code to the new one
         * @description The address changes when `/users/me/email/confirm` has had that code; the old one gets a notice at once. For an address that has an account the answer is the same, no code is mailed, and its owner gets a notice. `CONFLICT` for the address that the account has.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * Format: email
                         * @description One address, ASCII before the @, the domain in any script; upper and lower case are the same.
                         * @example olena@example.org
                         */
                        email: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Where the code goes, masked. */
                            destination: string;
                            message: string;
                            /** @description Opens only the second step of this attempt. Also set as the cookie `pending`. */
                            pendingToken: string;
                            /** @description Minutes the code lives, rounded up. */
                            ttlMinutes: number;
                            resendAfterSeconds: number;
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/me/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All that is held about my account, as one file
         * @description JSON, as an attachment. Secrets are no part of it: the password is held as a hash, the authenticator sealed.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** Format: date-time */
                            exportedAt: string;
                            profile: components["schemas"]["User"];
                            phone: string | null;
                            recoveryCodesLeft: number;
                            wrongCodesInRow: number;
                            wrongCodesInLastDay: number;
                            mailsInLastDay: number;
                            /** @description Browsers that have signed in before; only a hash of a random cookie is held of each. */
                            knownDevices: number;
                            sessions: {
                                id: string;
                                device: string;
                                ip: string;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                lastSeenAt: string;
                                amr: string[];
                            }[];
                            trustedDevices: {
                                id: string;
                                device: string;
                                ip: string;
                                /** Format: date-time */
                                createdAt: string;
                                /** Format: date-time */
                                lastSeenAt: string;
                                /** Format: date-time */
                                expiresAt: string;
                            }[];
                            /** @description What waits for a code. */
                            attempts: {
                                purpose: string;
                                /** Format: date-time */
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
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/me/phone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set a phone number: sends a code to it
         * @description The number is the account's when `/users/me/phone/confirm` has had that code. 404 where the operator has set no `OTP_WEBHOOK_URL`; `CONFLICT` for the number that the account has.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description E.164.
                         * @example +380501234567
                         */
                        phone: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Where the code goes, masked. */
                            destination: string;
                            message: string;
                            /** @description Opens only the second step of this attempt. Also set as the cookie `pending`. */
                            pendingToken: string;
                            /** @description Minutes the code lives, rounded up. */
                            ttlMinutes: number;
                            resendAfterSeconds: number;
                        };
                    };
                };
            };
        };
        /**
         * Forget the phone number
         * @description Ends all other sessions, running attempts and trusted devices, and mails the owner. 404 when there is none.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            message: string;
                            user: components["schemas"]["User"];
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/me/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * New recovery codes, shown only here
         * @description The old ones are dead. Ends all other sessions, running attempts and trusted devices, and mails the owner. Only beside an authenticator, else `CONFLICT`.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            message: string;
                            recoveryCodes: string[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/me/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set up an authenticator: shows its secret, once
         * @description Nothing changes before `/users/me/totp/confirm` has had a first code of it within 15 minutes; an authenticator that is on stays on until then. Every call makes a fresh secret and forgets the one before.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            message: string;
                            /** @description Base32, to be typed where no QR code can be read. */
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
        /**
         * Remove the authenticator
         * @description Its recovery codes go with it, and the e-mailed code is switched on again. Ends all other sessions, running attempts and trusted devices, and mails the owner. 404 when none is set up.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            message: string;
                        };
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/me/devices/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Trust a browser no more
         * @description Its next login asks for a code. Its sessions live on.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Trusted no more. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/me/devices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The browsers that need no code, the one used last first
         * @description All at once: there are never more than 50.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["TrustedDevice"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/me/email/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The code from the new address: changes it
         * @description From now on the new address signs in. Ends all other sessions, running attempts and trusted devices, and mails the old address. `CONFLICT` when somebody has signed up with the new one meanwhile. The attempt is the one of `pendingToken`, else of the cookie `pending`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Random, made by the client: the same request with the same key is done once, and answered again for 24 hours.
                     * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
                     */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description 6 digits; blanks and dashes do not matter.
                         * @example 123456
                         */
                        otp: string;
                        /** @description The attempt, where the cookie `pending` is of another one or not sent. */
                        pendingToken?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            message: string;
                            user: components["schemas"]["User"];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/me/phone/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The code that came to the number: sets it
         * @description From now on a login may send its code there (`POST /auth/2fa/resend { method: "sms" }`). Ends all other sessions, running attempts and trusted devices, and mails the owner. The attempt is the one of `pendingToken`, else of the cookie `pending`.
         */
        post: {
            parameters: {
                query?: never;
                header?: {
                    /**
                     * @description Random, made by the client: the same request with the same key is done once, and answered again for 24 hours.
                     * @example "8e03978e-40d5-43dd-bc93-6894a57f9324"
                     */
                    "idempotency-key"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description 6 digits; blanks and dashes do not matter.
                         * @example 123456
                         */
                        otp: string;
                        /** @description The attempt, where the cookie `pending` is of another one or not sent. */
                        pendingToken?: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            message: string;
                            user: components["schemas"]["User"];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/me/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * My sessions, the one seen last first
         * @description All at once: there are never more than `SESSIONS_PER_ACCOUNT`.
         */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            items: components["schemas"]["Session"][];
                            nextCursor: string | null;
                        };
                    };
                };
            };
        };
        put?: never;
        post?: never;
        /**
         * End all my other sessions
         * @description This one lives on. No device stays trusted, this one neither, unless `keepTrustedDevices` says so. `POST /auth/logout-all` ends everything.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
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
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/me/sessions/{sid}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of my sessions
         * @description Its access token is refused from the next request on. Ending the current one clears the cookies.
         */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    sid: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Ended. */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/users/me/totp/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Switch the authenticator on: its first code
         * @description Answers the recovery codes, shown only here. Switches the second step on where it was off, ends all other sessions, running attempts and trusted devices, and mails the owner. After too many wrong codes, or 15 minutes, it is `CHALLENGE_INVALID`: start again.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /**
                         * @description 6 digits; blanks and dashes do not matter.
                         * @example 123456
                         */
                        otp: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            message: string;
                            recoveryCodes: string[];
                        };
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** Problem */
        Problem: {
            type: string;
            title: string;
            status: number;
            detail: string;
            /**
             * @description Stable; decide by this one.
             * @enum {string}
             */
            code: "VALIDATION_FAILED" | "OTP_INVALID" | "OTP_EXPIRED" | "PASSWORD_WEAK" | "CREDENTIALS_INVALID" | "TOKEN_MISSING" | "TOKEN_INVALID" | "TOKEN_EXPIRED" | "CHALLENGE_INVALID" | "REFRESH_TOKEN_INVALID" | "REFRESH_TOKEN_REUSED" | "SESSION_ENDED" | "SECOND_FACTOR_REQUIRED" | "REAUTHENTICATION_REQUIRED" | "CAPTCHA_REQUIRED" | "FORBIDDEN" | "ORIGIN_FORBIDDEN" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "CONFLICT" | "BODY_TOO_LARGE" | "MEDIA_TYPE_UNSUPPORTED" | "EXPECTATION_FAILED" | "OTP_ATTEMPTS_EXCEEDED" | "RESEND_TOO_EARLY" | "TOO_MANY_REQUESTS" | "HEADERS_TOO_LARGE" | "INTERNAL" | "SERVICE_UNAVAILABLE";
            requestId: string;
            errors?: {
                path: string;
                message: string;
            }[];
            retryAfterSeconds?: number;
            attemptsLeft?: number;
            /** @description ALTCHA 2 challenge; send base64 of JSON { challenge, solution } as `captcha`. */
            captcha?: unknown;
            parts?: {
                [key: string]: string;
            };
        };
        /** User */
        User: {
            id: string;
            email: string;
            name: string;
            /** @enum {string} */
            role: "user" | "admin";
            /** @enum {string} */
            status: "active" | "disabled";
            /** @enum {string} */
            locale: "en" | "uk" | "ru";
            isTwoFactorEnabled: boolean;
            secondFactors: ("totp" | "email" | "sms")[];
            /** Format: date-time */
            createdAt: string;
        };
        /** Activity */
        Activity: {
            id: string;
            /** Format: date-time */
            at: string;
            /**
             * @example login
             * @enum {string}
             */
            event: "sign_up" | "password" | "login" | "code_resent" | "reauthentication" | "logout" | "logout_all" | "session_ended" | "other_sessions_ended" | "refresh" | "password_changed" | "password_reset_requested" | "password_reset" | "profile_changed" | "two_factor_on" | "two_factor_off" | "email_code_on" | "email_code_off" | "totp_started" | "totp_on" | "totp_off" | "recovery_codes_new" | "trusted_device_added" | "trusted_device_ended" | "trusted_device_reused" | "email_change_requested" | "email_changed" | "phone_requested" | "phone_on" | "phone_off" | "exported" | "account_deleted" | "role_changed" | "account_disabled" | "account_enabled" | "locks_lifted" | "sessions_ended_by_admin";
            /**
             * @example ok
             * @example wrong
             */
            result: string;
            /** @description pwd, email, totp, sms, recovery_code or device. */
            factor: string | null;
            ip: string;
            device: string;
            actor: "self" | "admin";
        };
        /** AdminUser */
        AdminUser: {
            id: string;
            email: string;
            name: string;
            /** @enum {string} */
            role: "user" | "admin";
            /** @enum {string} */
            status: "active" | "disabled";
            /** @enum {string} */
            locale: "en" | "uk" | "ru";
            isTwoFactorEnabled: boolean;
            secondFactors: ("totp" | "email" | "sms")[];
            /** Format: date-time */
            createdAt: string;
            sessions: number;
            /** @description The code step locks at 100. */
            wrongCodesInRow: number;
        };
        /**
         * Method
         * @enum {string}
         */
        Method: "email" | "totp" | "sms" | "recovery_code";
        /** Challenge */
        Challenge: {
            /** @enum {boolean} */
            twoFactorRequired: true;
            method: components["schemas"]["Method"];
            methods: components["schemas"]["Method"][];
            /** @description Where a code goes, masked. */
            destination: string;
            message: string;
            /** @description Opens only the second step of this attempt. Also set as the cookie `pending`. */
            pendingToken: string;
            /** @description Minutes the code lives, rounded up. */
            ttlMinutes: number;
            resendAfterSeconds: number;
        };
        /** SignedIn */
        SignedIn: {
            /** @enum {boolean} */
            twoFactorRequired: false;
            message: string;
            /** @description JWT, EdDSA or ES256, for `Authorization: Bearer`. */
            accessToken: string;
            /** @enum {string} */
            tokenType: "Bearer";
            /** @description Seconds. */
            expiresIn: number;
            user: components["schemas"]["User"];
        };
        /** Proven */
        Proven: {
            /** @enum {boolean} */
            twoFactorRequired: false;
            message: string;
            /** @description JWT, EdDSA or ES256, for `Authorization: Bearer`. */
            accessToken: string;
            /** @enum {string} */
            tokenType: "Bearer";
            /** @description Seconds. */
            expiresIn: number;
            user: components["schemas"]["User"];
        };
        /** TrustedDevice */
        TrustedDevice: {
            /** @description Names the device; opens nothing. */
            id: string;
            /** @example Firefox on Linux */
            device: string;
            /** @description Where it signed in last. */
            ip: string;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it signed in last.
             */
            lastSeenAt: string;
            /**
             * Format: date-time
             * @description Until when it is trusted, unless it signs in before.
             */
            expiresAt: string;
            /** @description Whether it is this browser. */
            current: boolean;
        };
        /** Session */
        Session: {
            /** @description Names the session; opens nothing. */
            id: string;
            /** @example Firefox on Linux */
            device: string;
            /** @description Where it was seen last. */
            ip: string;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it signed in or was refreshed last.
             */
            lastSeenAt: string;
            current: boolean;
            /** @description How it was proven. */
            amr: ("pwd" | "otp" | "device")[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
