import type { FixtureImage } from '../../kit/fixture-images.ts';
import type { Busybox } from '../busybox.ts';
import { descriptorOf, jsonBlob, mediaTypes, type Blob } from './blob.ts';
import { randomBytesOf, repetitiveBytes, setUidEntries, shellEntries, textFile } from './content.ts';
import { packLayer, type Layer } from './layer.ts';
import type { ImageRecipe } from './reference.ts';

/** A complete image: every blob that its manifest names, and the manifest. */
export interface BuiltImage {
  readonly manifest: Blob;
  readonly config: Blob;
  readonly layers: readonly Blob[];
}

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386', loong64: 'loong64' };

/** Builds images for this machine's architecture; the shell's layer is packed once. */
export class ImageBuilder {
  readonly #busybox: Busybox;
  readonly #shellLayers = new Map<'stored' | 'none', Promise<Layer>>();

  constructor(busybox: Busybox) {
    this.#busybox = busybox;
  }

  /** The image of a recipe; the same recipe gives the same digests, on every machine of this architecture and busybox. */
  async build(recipe: ImageRecipe): Promise<BuiltImage> {
    switch (recipe.kind) {
      case 'fixture':
        return assemble(await this.#fixtureLayers(recipe.image), fixtureConfig(recipe.image));
      case 'mint': {
        const own = await packLayer([textFile('etc/crible-minted', [recipe.label])], 'stored');
        return assemble([await this.#shellLayer('stored'), own], {
          ...imageConfig(recipe.label),
          Cmd: ['sh'],
        });
      }
      case 'sized':
        return assemble(
          await randomLayers(recipe.label, recipe.layerCount, recipe.layerSizeBytes),
          imageConfig(recipe.label),
        );
    }
  }

  async #fixtureLayers({ name, content }: FixtureImage): Promise<readonly Layer[]> {
    switch (content.kind) {
      case 'shell':
        return [await this.#shellLayer(content.compression === 'none' ? 'none' : 'stored')];
      case 'set-uid':
        return [await this.#shellLayer('stored'), await packLayer(setUidEntries(process.arch), 'stored')];
      case 'random':
        return randomLayers(name, content.layerCount, content.layerSizeBytes);
      case 'repetitive': {
        const data = repetitiveBytes(content.layerSizeBytes);
        return [await packLayer([{ path: 'repetitive', type: 'file', mode: 0o644, data }], 'deflated')];
      }
    }
  }

  #shellLayer(compression: 'stored' | 'none'): Promise<Layer> {
    const packed = this.#shellLayers.get(compression) ?? packLayer(shellEntries(this.#busybox), compression);
    this.#shellLayers.set(compression, packed);
    return packed;
  }
}

async function randomLayers(seed: string, count: number, sizeBytes: number): Promise<readonly Layer[]> {
  const layers: Layer[] = [];
  for (let index = 0; index < count; index += 1) {
    const number = String(index).padStart(3, '0');
    const data = randomBytesOf(`${seed}/${number}`, sizeBytes);
    layers.push(await packLayer([{ path: `layers/${number}`, type: 'file', mode: 0o644, data }], 'stored'));
  }
  return layers;
}

function imageConfig(label: string): Record<string, unknown> {
  return { Env: ['PATH=/bin'], Labels: { 'crible.image': label } };
}

function fixtureConfig(image: FixtureImage): Record<string, unknown> {
  return {
    ...imageConfig(image.label ?? image.name),
    ...(image.user === undefined ? {} : { User: image.user }),
    ...(image.env === undefined ? {} : { Env: image.env }),
    ...(image.entrypoint === undefined ? {} : { Entrypoint: image.entrypoint }),
    ...(image.cmd === undefined ? {} : { Cmd: image.cmd }),
    ...(image.workingDir === undefined ? {} : { WorkingDir: image.workingDir }),
    ...(image.stopSignal === undefined ? {} : { StopSignal: image.stopSignal }),
  };
}

function assemble(layers: readonly Layer[], config: Record<string, unknown>): BuiltImage {
  const configBlob = jsonBlob(mediaTypes.config, {
    created: '1970-01-01T00:00:00Z',
    architecture: architectures[process.arch] ?? process.arch,
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(() => ({ created: '1970-01-01T00:00:00Z', created_by: 'crible' })),
  });
  const manifest = jsonBlob(mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: descriptorOf(configBlob),
    layers: layers.map(({ blob }) => descriptorOf(blob)),
  });
  return { manifest, config: configBlob, layers: layers.map(({ blob }) => blob) };
}
