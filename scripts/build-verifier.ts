/**
 * Builds the page that verifies evidence into one file: its script and style stand in it, so that it works from a stick,
 * without a network and without a server. Whatever would still be fetched stops the build.
 */
import { writeFileSync } from 'node:fs';
import { build } from 'vite';

const page = 'src/audit/verify-page';

export async function buildVerifier(out: string): Promise<void> {
  const built = await build({
    configFile: false,
    root: page,
    base: './',
    logLevel: 'warn',
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: { input: `${page}/verify.html` },
    },
  });
  const files = 'output' in built ? built.output : [];
  let html = '';
  const contents = new Map<string, string>();
  for (const file of files) {
    const content = file.type === 'chunk' ? file.code : String(file.source);
    if (file.fileName.endsWith('.html')) html = content;
    else contents.set(file.fileName, content);
  }
  const contentOf = (path: string) => contents.get(path.replace(/^\.\//, '')) ?? '';
  // Replaced by functions: a "$&" in the script is a text.
  html = html
    .replace(/<script type="module"[^>]* src="([^"]+)"><\/script>\s*/, '')
    .replace(/<link rel="stylesheet"[^>]* href="([^"]+)">/, (_, path) => `<style>${contentOf(path)}</style>`)
    .replace('</body>', () => {
      const scripts = [...contents].filter(([name]) => name.endsWith('.js')).map(([, code]) => code);
      return `<script type="module">${scripts.join('\n').replaceAll('</script', '<\\/script')}</script>\n</body>`;
    });
  if (/\b(src|href)=/.test(html.replace(/<script[\s\S]*<\/script>/, '')) || !html.includes('<style>'))
    throw new Error('the verifier page still asks for other files');
  writeFileSync(out, html);
}
