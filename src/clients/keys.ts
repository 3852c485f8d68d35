/** The keys of all clients, in the order in which lists show them. A key is what a person types: `mcpm client edit KEY`. */
export const CLIENT_KEYS = ['claude-desktop', 'cursor', 'windsurf'] as const;

/** The key of a client that this program knows. */
export type ClientKey = (typeof CLIENT_KEYS)[number];
