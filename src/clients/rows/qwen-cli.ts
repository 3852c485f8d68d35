import { HTTP_URL } from '../codecs/common.ts';
import { shaped } from '../codecs/shaped.ts';
import { everywhere } from '../paths.ts';
import type { ClientRow } from '../types.ts';

/** Qwen Code: Gemini CLI’s form before the type field. */
export const qwenCli: ClientRow = {
  key: 'qwen-cli',
  title: 'Qwen Code',
  homepage: 'https://github.com/QwenLM/qwen-code',
  user: everywhere('$QWEN_HOME/settings.json', '~/.qwen/settings.json'),
  project: ['.qwen/settings.json'],
  format: 'jsonc',
  section: ['mcpServers'],
  members: 'map',
  codec: shaped(HTTP_URL),
  disabledElsewhere: '`mcp.excluded` in settings.json.',
  newFile: '',
  detect: {
    folders: everywhere('~/.qwen'),
    executables: ['qwen'],
  },
  reload: 'Start a new session.',
  startedFrom: 'terminal',
  sources: [
    {
      url: 'https://www.npmjs.com/package/@qwen-code/qwen-code',
      says: '0.24.4, `qwen mcp add`: httpUrl and headers for HTTP, url for SSE, command/args/env for stdio; with QWEN_HOME set the file is $QWEN_HOME/settings.json.',
    },
  ],
  disagreements: [],
};
