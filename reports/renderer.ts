import type { Result } from '../src/model/result.ts';

/** A result in, the text of a report out: no file, no network, no clock. */
export type Renderer = (result: Result) => string | Promise<string>;

export interface ReportFormat {
  /** The file's name in the folder of a run. */
  readonly fileName: string;
  readonly description: string;
  /** Loads the renderer only when it is asked for: drawing needs libraries that most commands do not. */
  readonly render: () => Promise<Renderer>;
}

export const renderers = {
  html: {
    fileName: 'report.html',
    description: 'one self-contained page, for people',
    render: async () => (await import('./html/page.tsx')).renderHtml,
  },
  junit: {
    fileName: 'junit.xml',
    description: 'JUnit XML, for continuous integration',
    render: async () => (await import('./junit.ts')).renderJunit,
  },
  markdown: {
    fileName: 'summary.md',
    description: 'a short summary in Markdown, for a CI job or a ticket',
    render: async () => (await import('./markdown.ts')).renderMarkdown,
  },
  json: {
    fileName: 'result.json',
    description: 'the result itself, laid out',
    render: async () => (await import('./json.ts')).renderJson,
  },
} as const satisfies Record<string, ReportFormat>;

export type Format = keyof typeof renderers;
