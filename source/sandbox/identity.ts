/** How a sandbox is known for one, whoever started it. */

export const clusterId = 'loadtui-sandbox';

/** Whether a cluster of this id is a sandbox: embedded, or run alone by `loadtui sandbox`. */
export function isSandbox(id: string | null): boolean {
  return id === clusterId;
}
