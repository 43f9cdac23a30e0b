/** The command was called with wrong arguments. Its message is for the operator. */
export class UsageError extends Error {}
