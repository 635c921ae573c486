import { SecurityProfile_ProfileType as ProfileType } from '../../src/cri/messages.ts';
import { withProfiles } from '../../src/kit/apparmor.ts';
import { defineCase, type CaseContext } from '../../src/kit/case.ts';
import type { ContainerDeviation } from '../../src/kit/container-config.ts';
import type { ObservationDeclaration } from '../../src/model/observation.ts';
import { expectRefusal, expectSuccess, tried, type Attempt } from './printed.ts';
import { privileged } from './privileged.ts';

const needs = ['processes', 'host-files', 'apparmor'];

const everything = ['file,', 'network,', 'capability,', 'signal,', 'ptrace,', 'mount,', 'umount,', 'unix,'];
/** Rules that allow everything but to write to files. */
const denyWrites = [...everything, 'deny /** w,'];
/** Rules that allow everything and note each write. */
const noteWrites = [...everything, 'audit /** w,'];

/** The profile in the field for it, by its bare name. */
function structured(localhostRef: string): ContainerDeviation {
  return { linux: { securityContext: { apparmor: { profileType: ProfileType.Localhost, localhostRef } } } };
}

/** The profile as it was given before there was a field for it, which is still sent beside it. */
function asText(name: string): ContainerDeviation {
  return { linux: { securityContext: { apparmorProfile: `localhost/${name}` } } };
}

function inBothFields(name: string, text: string): ContainerDeviation {
  const apparmor = { profileType: ProfileType.Localhost, localhostRef: name };
  return { linux: { securityContext: { apparmor, apparmorProfile: `localhost/${text}` } } };
}

/** What becomes of a write in a container of this config. */
async function write(context: CaseContext, deviation: ContainerDeviation): Promise<Attempt> {
  const seen = await tried(context, await context.given.sharedPodSandbox(), { write: 'touch /tmp/file' }, deviation);
  return seen.write;
}

/** The profile that confines a container's process, and its mode. */
async function profileOf(context: CaseContext, deviation: ContainerDeviation, pod = {}): Promise<string> {
  const sandbox = await context.given.podSandbox(pod);
  const seen = await tried(context, sandbox, { profile: 'cat /proc/1/attr/current' }, deviation);
  return seen.profile.text;
}

/** Expectation: `KEY`, that no container of this config comes to run. */
async function expectNotRun(context: CaseContext, key: string, deviation: ContainerDeviation): Promise<void> {
  const { given, cri, expect } = context;
  const pod = await given.sharedPodSandbox();
  const config = await given.containerConfig(pod, deviation);
  const run = async (): Promise<void> => {
    const made = await cri.runtime.createContainer({ podSandboxId: pod.id, config, sandboxConfig: pod.config });
    await cri.runtime.startContainer({ containerId: made.containerId });
  };
  await expect.fails(key, run(), 'CreateContainer and StartContainer with a profile that is not loaded');
}

const rpcs = ['CreateContainer', 'StartContainer'];
const ofNode = {
  kind: 'proto',
  text: 'SecurityProfile: with Localhost, localhost_ref is the name of a profile that is loaded on the node',
} as const;
const deprecated = {
  kind: 'proto',
  text: 'LinuxContainerSecurityContext.apparmor_profile (deprecated): localhost/NAME',
} as const;

export const observationKeys: ObservationDeclaration[] = [
  {
    key: 'process.apparmor-default',
    meaning:
      'the name of the profile that confines containers by default, which audit logs show and host rules refer to',
    stability: 'exact',
    source: 'source: containerd loads cri-containerd.apparmor.d, CRI-O crio-default',
  },
];

export const cases = [
  defineCase({
    id: 'container/apparmor/localhost-denies',
    title: 'keeps a container from what its AppArmor profile denies',
    level: 'required',
    rpcs,
    basis: [ofNode, deprecated],
    critest: ['AA-2#deprecated-field', 'AA-5#field'],
    needs,
    run: withProfiles(async (context, { load }) => {
      const name = await load('deny', denyWrites);
      const message = 'a file is not written that the profile denies to write';
      expectRefusal(context, 'field', await write(context, structured(name)), 'Permission denied', message);
      expectRefusal(context, 'deprecated-field', await write(context, asText(name)), 'Permission denied', message);
    }),
  }),

  defineCase({
    id: 'container/apparmor/localhost-allows',
    title: 'lets a container do what its AppArmor profile allows',
    level: 'required',
    rpcs,
    basis: [ofNode, deprecated],
    critest: ['AA-3#deprecated-field', 'AA-6#field'],
    needs,
    run: withProfiles(async (context, { load }) => {
      const name = await load('audit', noteWrites);
      const message = 'a file is written that the profile only has noted';
      expectSuccess(context, 'field', await write(context, structured(name)), message);
      expectSuccess(context, 'deprecated-field', await write(context, asText(name)), message);
      const profile = await profileOf(context, structured(name));
      context.expect.equal('confined', profile, `${name} (enforce)`, 'the profile of the process');
    }),
  }),

  defineCase({
    id: 'container/apparmor/not-loaded',
    title: 'runs no container whose AppArmor profile is not loaded',
    level: 'required',
    rpcs,
    basis: [ofNode, deprecated],
    critest: ['AA-1#deprecated-field', 'AA-4#field'],
    needs,
    run: withProfiles(async (context, { missing }) => {
      await expectNotRun(context, 'field', structured(missing));
      await expectNotRun(context, 'deprecated-field', asText(missing));
    }),
  }),

  defineCase({
    id: 'container/apparmor/field-wins',
    title: 'obeys the AppArmor profile of the field for it where the deprecated one names another',
    level: 'required',
    rpcs,
    basis: [ofNode, deprecated, { kind: 'kubelet', text: 'sends both from Kubernetes 1.30 on' }],
    critest: ['AA-7#missing', 'AA-8#denies', 'AA-9#allows'],
    needs,
    run: withProfiles(async (context, { load, missing }) => {
      const [deny, note] = [await load('deny', denyWrites), await load('audit', noteWrites)];
      await expectNotRun(context, 'missing', inBothFields(missing, note));
      const denied = await write(context, inBothFields(deny, note));
      expectRefusal(context, 'denies', denied, 'Permission denied', 'a file is not written that the field’s denies');
      const allowed = await write(context, inBothFields(note, deny));
      expectSuccess(context, 'allows', allowed, 'a file is written that the field’s profile allows to write');
    }),
  }),

  defineCase({
    id: 'container/apparmor/runtime-default',
    title: 'confines a container by the runtime’s own AppArmor profile',
    level: 'required',
    rpcs,
    basis: [
      { kind: 'proto', text: 'SecurityProfile.ProfileType RuntimeDefault: the profile of the runtime' },
      { kind: 'kubelet', text: 'sends it for containers that say nothing of AppArmor, where it is on' },
    ],
    needs,
    async run(context) {
      const { expect, observe } = context;
      const apparmor = { profileType: ProfileType.RuntimeDefault };
      const profile = await profileOf(context, { linux: { securityContext: { apparmor } } });
      expect.that('enforced', profile.endsWith(' (enforce)'), 'a profile is enforced on the process', {
        expected: 'a profile in mode enforce',
        actual: profile,
      });
      observe('process.apparmor-default', profile);
    },
  }),

  defineCase({
    id: 'container/apparmor/unconfined',
    title: 'confines no container by AppArmor that asks to be unconfined, or is privileged',
    level: 'required',
    rpcs,
    basis: [
      { kind: 'proto', text: 'SecurityProfile.ProfileType Unconfined: no profile is applied' },
      { kind: 'proto', text: 'LinuxContainerSecurityContext.privileged: AppArmor confinement is not applied' },
    ],
    needs,
    async run(context) {
      const { expect } = context;
      const apparmor = { profileType: ProfileType.Unconfined };
      const asked = await profileOf(context, { linux: { securityContext: { apparmor } } });
      expect.equal('asked', asked, 'unconfined', 'the profile of a process whose container asks for none');
      const byDefault = {
        linux: { securityContext: { privileged: true, apparmor: { profileType: ProfileType.RuntimeDefault } } },
      };
      const ofPrivileged = await profileOf(context, byDefault, privileged);
      expect.equal('privileged', ofPrivileged, 'unconfined', 'the profile of a process whose container is privileged');
    },
  }),
];
