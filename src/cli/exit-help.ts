/** The contract on exit codes, as every --help tells it; a test holds it to `exitCodes`. */
export const exitHelp = `Exit codes, the first that applies:
  130  interrupted
    5  crible itself failed
    2  bad usage or configuration
    3  a target cannot be reached or died
    1  a case failed that was not expected to, or passed though it must fail
    4  a gate broke
    0  as expected`;

/** For a failure so unforeseen that nothing more can be loaded to look it up. */
export const defectCode = 5;
