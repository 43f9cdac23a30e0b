export type { Claims } from './claims.ts'
export { type RefusalCode, TokenRefused } from './refusal.ts'
export {
  createVerifier, type FeedOptions, type OnFeedLost, type Requirements, type SignatureVerifier, type Verifier, type VerifierOptions
} from './verifier.ts'
