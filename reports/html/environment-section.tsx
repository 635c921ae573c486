import type { Host, Target } from '../../src/model/target.ts';
import type { Result } from '../../src/model/result.ts';
import { formatBytes } from '../quantity.ts';
import { TargetHeads } from './row-heads.tsx';
import { Section, Table } from './section.tsx';

export function EnvironmentSection({ result }: { readonly result: Result }) {
  const limits = result.targets.flatMap(({ name, limits: texts }) => texts.map((text) => ({ name, text })));
  return (
    <Section id="environment" title="Environment">
      <h3>Machines</h3>
      {result.hosts.map((host) => (
        <HostFacts host={host} key={host.id} />
      ))}
      <h3>Targets</h3>
      <TargetTable result={result} />
      <h3>Features</h3>
      <FeatureTable result={result} />
      <h3>Programs</h3>
      <BinaryTable result={result} />
      {limits.length === 0 ? null : (
        <>
          <h3>What these targets cannot show</h3>
          <ul>
            {limits.map(({ name, text }) => (
              <li key={`${name} ${text}`}>
                {name}: {text}
              </li>
            ))}
          </ul>
        </>
      )}
    </Section>
  );
}

function HostFacts({ host }: { readonly host: Host }) {
  const facts = [
    ['host', `${host.hostname} (${host.id})`],
    ['system', `${host.os}, Linux ${host.kernel}`],
    ['processors', `${String(host.cpuCount)} × ${host.cpuModel}, governor ${host.cpuGovernor ?? 'unknown'}`],
    ['memory', formatBytes(host.memoryBytes)],
    ['cgroups', host.cgroupLayout],
    ['load before the run', host.loadAverage.join(', ')],
    ['Node.js', host.node],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </>
      ))}
    </dl>
  );
}

/** A property a row, so that what two targets do not share meets the eye. */
function TargetTable({ result }: { readonly result: Result }) {
  const properties: readonly (readonly [string, (target: Target) => string])[] = [
    ['given as', ({ spec }) => spec],
    ['runtime', ({ runtimeName, runtimeVersion }) => `${runtimeName} ${runtimeVersion}`],
    ['handler', ({ handler }) => (handler === '' ? 'the default one' : handler)],
    ['CRI', ({ apiVersion }) => apiVersion],
    ['endpoint', ({ endpoint }) => endpoint],
    ['image endpoint', ({ imageEndpoint }) => imageEndpoint ?? 'the same'],
    ['machine', ({ hostId }) => hostId],
    ['state', ({ state, problem }) => (problem === undefined ? state : `${state}: ${problem}`)],
    ['disturbed by others', ({ disturbed }) => (disturbed ? 'yes' : 'no')],
  ];
  const settings = [...new Set(result.targets.flatMap(({ configuration }) => Object.keys(configuration)))];
  const rows = [
    ...properties.map(([name, read]) => ({ name, values: result.targets.map(read) })),
    ...settings.map((name) => ({
      name,
      values: result.targets.map(({ configuration }) => configuration[name] ?? 'not known'),
    })),
  ];
  return (
    <Table
      class="wide"
      label="Targets"
      caption="The runtimes as they presented themselves at the start, and what decides whether two are comparable."
    >
      <thead>
        <tr>
          <th scope="col">property</th>
          <TargetHeads result={result} />
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, values }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {values.map((value, index) => (
              <td key={index}>{new Set(values).size > 1 ? value : <span class="muted">{value}</span>}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function FeatureTable({ result }: { readonly result: Result }) {
  const names = [...new Set(result.targets.flatMap(({ features }) => features.map(({ name }) => name)))].toSorted();
  return (
    <Table
      class="wide"
      label="Features"
      caption="What a target, or the place that crible asked from, offers: probed at the start, never guessed from a version."
    >
      <thead>
        <tr>
          <th scope="col">feature</th>
          <TargetHeads result={result} />
        </tr>
      </thead>
      <tbody>
        {names.map((name) => (
          <tr key={name}>
            <th scope="row" class="mono">
              {name}
            </th>
            {result.targets.map(({ name: target, features }) => {
              const feature = features.find((candidate) => candidate.name === name);
              return (
                <td key={target}>
                  {feature === undefined ? 'not probed' : <b>{feature.present ? 'present' : 'absent'}</b>}
                  {feature === undefined ? null : <span class="id">{feature.detail}</span>}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function BinaryTable({ result }: { readonly result: Result }) {
  return (
    <Table
      class="wide"
      label="Programs"
      caption="Programs that took part on a target’s side, and where they came from."
    >
      <thead>
        <tr>
          {['target', 'program', 'version', 'path', 'from'].map((head) => (
            <th scope="col" key={head}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {result.targets.flatMap(({ name: target, binaries }) =>
          binaries.map(({ name, version, path, from }) => (
            <tr key={`${target} ${path}`}>
              <td>{target}</td>
              <th scope="row">{name}</th>
              <td>{version}</td>
              <td class="mono">{path}</td>
              <td>{from}</td>
            </tr>
          )),
        )}
      </tbody>
    </Table>
  );
}
