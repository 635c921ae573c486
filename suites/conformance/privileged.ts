/** Of a sandbox's config and of a container's alike: a container may be privileged only in a sandbox that is. */
export const privileged = { linux: { securityContext: { privileged: true } } } as const;
