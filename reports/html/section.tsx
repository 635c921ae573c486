import type { ComponentChildren } from 'preact';
import { fragment } from './anchor.ts';

export function Section(props: { readonly id: string; readonly title: string; readonly children: ComponentChildren }) {
  return (
    <section id={props.id} aria-labelledby={`${props.id}-title`}>
      <h2 id={`${props.id}-title`}>{props.title}</h2>
      {props.children}
    </section>
  );
}

/** A table that scrolls on its own where the window is too narrow for it, also by keyboard; what explains it stays in place. */
export function Table(props: {
  readonly caption: ComponentChildren;
  /** Names the table; unique on the page. */
  readonly label: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}) {
  const explanation = `about-${fragment(props.label.toLowerCase().replaceAll(' ', '-'))}`;
  return (
    <>
      <p class="caption" id={explanation}>
        {props.caption}
      </p>
      <div class="scroll" role="group" aria-label={props.label} tabIndex={0}>
        <table class={props.class} aria-describedby={explanation}>
          {props.children}
        </table>
      </div>
    </>
  );
}
