import manifest from '../../package.json' with { type: 'json' };

/** This program's version, as in package.json. */
export const VERSION: string = manifest.version;

/** The version of the Node.js that runs this program, and the packages it starts. */
export const NODE_VERSION: string = process.versions.node;
