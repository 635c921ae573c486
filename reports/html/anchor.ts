/** Where a case of a target is found in the page: `case-pod-sandbox/stop/twice-lab:containerd/runc`. */
export function caseAnchor(caseId: string, target: string): string {
  return `case-${caseId}-${fragment(target)}`;
}

/**
 * A text as part of an id that needs no escaping behind a `#`. Different texts stay different: whatever may not stand
 * there is written as its code point between tildes.
 */
export function fragment(text: string): string {
  return text.replace(/[^\w.:/@+-]/gu, (character) => `~${(character.codePointAt(0) ?? 0).toString(16)}~`);
}
