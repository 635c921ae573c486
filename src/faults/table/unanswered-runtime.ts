/** Which expectations fail when a call about the runtime itself is not answered any more, from the nth on. */
export const unansweredRuntime = {
  'Status 1 empty': ['runtime/status/is-ready#status-set'],
  'Status 1 refused': [
    'runtime/status/info-only-when-verbose#plain',
    'runtime/status/is-ready#answers',
    'runtime/update-config/is-accepted#status-afterwards',
    'runtime/status/handlers#answers',
  ],
  'Status 2 refused': ['runtime/status/info-only-when-verbose#verbose'],
  'UpdateRuntimeConfig 1 refused': ['runtime/update-config/is-accepted#accepted'],
};
