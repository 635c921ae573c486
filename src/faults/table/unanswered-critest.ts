/** Which expectations of what answers critest fail when a call is not answered any more, from the nth about an object on. */
export const unansweredCritest = {
  'ImageStatus 2 empty': ['image/remove/by-id-with-several-tags#before-set'],
  'ImageStatus 2 refused': ['image/remove/by-id-with-several-tags#before'],
  'ImageStatus 3 refused': ['image/remove/by-id-with-several-tags#status-by-tag'],
  'RemoveImage 1 refused': ['image/remove/by-id-with-several-tags#remove'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
