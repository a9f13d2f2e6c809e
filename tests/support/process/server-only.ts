/** Replaces `server-only`, whose real module throws outside the framework's own bundles. */
export {}
