/** Whether a quality score is somebody's estimate and no measurement; its source says so. */
export function isEstimate({ source }: { source: string }): boolean {
  return source.startsWith('estimate:');
}
