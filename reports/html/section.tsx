import type { ComponentChildren } from 'preact';

export function Section(props: { readonly id: string; readonly title: string; readonly children: ComponentChildren }) {
  return (
    <section id={props.id} aria-labelledby={`${props.id}-title`}>
      <h2 id={`${props.id}-title`}>{props.title}</h2>
      {props.children}
    </section>
  );
}

/** A table that scrolls on its own where the window is too narrow for it, also by keyboard. */
export function Table(props: {
  readonly caption: ComponentChildren;
  /** Names the scrolling region; unique on the page. */
  readonly label: string;
  readonly class?: string;
  readonly children: ComponentChildren;
}) {
  return (
    <div class="scroll" role="region" aria-label={props.label} tabIndex={0}>
      <table class={props.class}>
        <caption>{props.caption}</caption>
        {props.children}
      </table>
    </div>
  );
}
