import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One source of packages, in the terms of deb822 (sources.list(5)). */
export interface AptSource {
  readonly uris: string;
  readonly suites: readonly string[];
  readonly components: string;
  /** Options such as Signed-By, as they stand in the machine's file. */
  readonly options: readonly string[];
}

const keptOptions = ['Signed-By', 'Architectures', 'Trusted', 'Check-Valid-Until', 'Allow-Insecure'];

/** Every enabled source of binary packages of this machine, from sources.list and sources.list.d. */
export function machineSources(folder = '/etc/apt'): readonly AptSource[] {
  const parts = filesIn(join(folder, 'sources.list.d'));
  return [
    ...parseOneLine(textOf(join(folder, 'sources.list'))),
    ...parts.filter((path) => path.endsWith('.list')).flatMap((path) => parseOneLine(textOf(path))),
    ...parts.filter((path) => path.endsWith('.sources')).flatMap((path) => parseDeb822(textOf(path))),
  ];
}

/**
 * The distribution's own sources (suite CODENAME, CODENAME-updates, CODENAME-security and the like), or, for another
 * suite of the same distribution, those of CODENAME with that suite in its place. What the user added is left out.
 */
export function distributionSources(
  sources: readonly AptSource[],
  codename: string,
  suite: string,
): readonly AptSource[] {
  const own = sources.flatMap((source) => {
    const suites = source.suites.filter((name) => name === codename || name.startsWith(`${codename}-`));
    return suites.length === 0 ? [] : [{ ...source, suites }];
  });
  if (suite === codename) return own;
  return own
    .filter(({ suites }) => suites.includes(codename))
    .map((source) => ({ ...source, suites: [suite], components: 'main' }));
}

/** A file for sources.list.d. */
export function formatSources(sources: readonly AptSource[]): string {
  return sources
    .map(({ uris, suites, components, options }) =>
      ['Types: deb', `URIs: ${uris}`, `Suites: ${suites.join(' ')}`, `Components: ${components}`, ...options, ''].join(
        '\n',
      ),
    )
    .join('\n');
}

/** Reads the style of `deb [option=value] URI SUITE COMPONENT...`. */
export function parseOneLine(text: string): readonly AptSource[] {
  return text.split('\n').flatMap((line) => {
    const parts = /^\s*deb\s+(?:\[(?<options>[^\]]*)\]\s+)?(?<uri>\S+)\s+(?<suite>\S+)\s*(?<components>[^#]*)/.exec(
      line,
    )?.groups;
    if (!parts) return [];
    const options = (parts['options'] ?? '').split(/\s+/).flatMap((option) => {
      const [key = '', value = ''] = option.split('=');
      const name = key === 'arch' ? 'Architectures' : keptOptions.find((kept) => kept.toLowerCase() === key);
      return name === undefined ? [] : [`${name}: ${value.replaceAll(',', ' ')}`];
    });
    const { uri: uris = '', suite = '', components = '' } = parts;
    return [{ uris, suites: [suite], components: components.trim(), options }];
  });
}

/** Reads stanzas of `Key: value` lines; a value may go on in indented lines, as an inline key does. */
export function parseDeb822(text: string): readonly AptSource[] {
  const stanzas = text.split(/\n\s*\n/).map((stanza) => {
    const lines = stanza.split('\n').filter((line) => !line.startsWith('#') && line.trim() !== '');
    const fields = new Map<string, string>();
    let key = '';
    for (const line of lines) {
      const field = /^(?<key>[A-Za-z-]+):\s*(?<value>.*)$/.exec(line)?.groups;
      key = field?.['key']?.toLowerCase() ?? key;
      fields.set(key, field ? (field['value'] ?? '') : `${fields.get(key) ?? ''}\n${line}`);
    }
    return fields;
  });
  return stanzas.flatMap((fields) => {
    const types = fields.get('types')?.split(/\s+/) ?? [];
    const uris = fields.get('uris');
    if (uris === undefined || !types.includes('deb') || /^(no|false)$/i.test(fields.get('enabled') ?? '')) return [];
    const options = keptOptions.flatMap((name) => {
      const value = fields.get(name.toLowerCase());
      return value === undefined ? [] : [`${name}: ${value}`];
    });
    const suites = (fields.get('suites') ?? '').split(/\s+/).filter((suite) => suite !== '');
    return [{ uris, suites, components: fields.get('components') ?? '', options }];
  });
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
