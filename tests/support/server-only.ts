/** Stands in for `server-only`, whose real module throws outside of the framework's own bundles. */
export {}
