/** The rules of one folder of src/. */
export interface Layer {
  /** Folders it may import, besides platform/. */
  readonly imports: readonly string[];
  /** Libraries it owns. */
  readonly libraries: readonly string[];
  /** Whether it may touch files and processes itself: `all`, or only `look` at files and start processes. */
  readonly system?: 'all' | 'look';
}

/** Folder of src/ → its rules. */
export const LAYERS: Readonly<Record<string, Layer>>;
