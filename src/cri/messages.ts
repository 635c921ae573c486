/** The messages, enums and services of runtime.v1, and what is needed to make, copy, compare and carry them. */
export * from './gen/api_pb.js';
export { clone, create, fromBinary, fromJson, isMessage, toBinary } from '@bufbuild/protobuf';
export type { Message, MessageInitShape } from '@bufbuild/protobuf';
