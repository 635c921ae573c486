/** What matters of a header block of an answer; one is used for all of a connection's. */
export class ReceivedFields {
  /** 0 when there is none, as in trailers. */
  httpStatus = 0;
  grpcStatus: string | undefined;
  grpcMessage = '';

  readonly tell = (name: string, value: string): void => {
    if (name === ':status') this.httpStatus = Number(value) || 0;
    else if (name === 'grpc-status') this.grpcStatus = value;
    else if (name === 'grpc-message') this.grpcMessage = value;
  };

  clear(): void {
    this.httpStatus = 0;
    this.grpcStatus = undefined;
    this.grpcMessage = '';
  }
}
