import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readArguments } from '../../tools/demo/arguments';
import { showProgress } from '../../tools/demo/showProgress';
import type { LogLine } from '../../tools/engine/engine';
import { REPOSITORY } from '../../tools/engine/paths';
import { PNG } from '../../tools/samples/samples';

const LIGHTHOUSE = join(REPOSITORY, 'examples', 'lighthouse.png');

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'ltx-demo-'))));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Buffer): string {
	const path = join(folder, name);
	writeFileSync(path, content);
	return path;
}

describe('the words after npm run demo', () => {
	it.each<[string, () => string[], RegExp]>([
		['a file that is not there', () => ['nowhere.png'], /^No such file: .*nowhere\.png$/],
		['a folder', () => [folder], /^Not a file but a folder: .*ltx-demo-\w+$/],
		['an empty file', () => [file('empty.png', '')], /^The file is empty: .*empty\.png$/],
		[
			'a web address',
			() => ['https://example.com/a.png'],
			/^Not a file but a web address; save the image as a file first: https:.*a\.png$/,
		],
		[
			'a web page instead of an image',
			() => [file('photo.jpg', '<!DOCTYPE html><html></html>')],
			/^LTX takes no such image: .*photo\.jpg is a web page, but must be PNG, JPEG or WEBP$/,
		],
		[
			'another file that is no image',
			() => ['package.json'],
			/^LTX takes no such image: .*package\.json is JSON text, but must be PNG/,
		],
		['a picture for a sound', () => ['audio', LIGHTHOUSE], /is a PNG image, but must be MP3/],
		['an empty prompt', () => [LIGHTHOUSE, ' '], /^The prompt is empty$/],
		['an option', () => ['--fast'], /^There is no option --fast; see npm run demo -- --help$/],
		['a word too many', () => ['text', 'Rain', 'Snow'], /^Too many words: Snow$/],
	])('are refused for %s', (_name, words, message) => {
		expect(() => readArguments(words())).toThrow(message);
	});

	it('take a text with base64 or a data: address for the file that it holds', () => {
		const base64 = PNG.toString('base64');
		for (const content of [base64, `data:image/png;base64,${base64}`]) {
			expect(readArguments([file('image.txt', content)]).file?.content).toBe(content);
		}
		expect(readArguments([LIGHTHOUSE]).file?.content).toBeInstanceOf(Buffer);
		expect(() => readArguments(['upload', file('image.txt', base64)])).toThrow(/text with base64/);
	});

	it('give an image of the user a prompt that suits any', () => {
		const sample = readArguments([]);
		const own = readArguments([file('own.png', PNG)]);
		expect(sample.prompt).toContain('lighthouse');
		expect(own.prompt).toMatch(/^The camera/);
		expect([sample.isNeutralPrompt, own.isNeutralPrompt]).toEqual([false, true]);
		expect(readArguments([LIGHTHOUSE, 'Rain'])).toMatchObject({
			prompt: 'Rain',
			isNeutralPrompt: false,
		});
	});
});

describe('the progress of the demo', () => {
	beforeEach(() => void jest.useFakeTimers());
	afterEach(() => void jest.useRealTimers());

	/** What is written for a job that is accepted at once, and asked for after a long silence. */
	function progressOf(isTTY: boolean): string {
		let written = '';
		let log: (line: LogLine) => void = () => {};
		const write = (text: unknown) => Boolean((written += String(text)));
		const end = showProgress((listener) => (log = listener), { isTTY, write });
		log({ level: 'info', message: 'LTX accepted image-to-video job 1 (item 0)' });
		jest.advanceTimersByTime(21_000);
		log({ level: 'warn', message: 'LTX cannot be reached, trying again' });
		log({ level: 'debug', message: 'LTX job 1 is processing' });
		end();
		jest.advanceTimersByTime(60_000);
		return written;
	}

	it('is a line every ten seconds where there is no terminal', () => {
		expect(progressOf(false).split('\n')).toEqual([
			'0 s: accepted',
			'10 s: accepted',
			'20 s: accepted',
			'21 s: LTX cannot be reached, trying again',
			'21 s: processing',
			'',
		]);
	});

	it('is one line in a terminal, and a line for each warning', () => {
		const lines = progressOf(true).split('\n');
		expect(lines.map((line) => line.split('\r').at(-1)?.trim())).toEqual([
			'21 s: LTX cannot be reached, trying again',
			'21 s: processing',
			'',
		]);
		expect(lines[0].split('\r').map((line) => line.trim())).toContain('14 s: accepted');
	});
});

describe('npm run demo', () => {
	function demo(...words: string[]) {
		const tsx = join(REPOSITORY, 'node_modules', 'tsx', 'dist', 'cli.mjs');
		return spawnSync(process.execPath, [tsx, join('tools', 'demo', 'runDemo.ts'), ...words], {
			cwd: REPOSITORY,
			encoding: 'utf8',
		});
	}

	it('explains itself', () => {
		const { status, stdout } = demo('--help');
		expect(status).toBe(0);
		expect(stdout).toMatch(/^npm run demo -- \[what\] \[file\] \[prompt\]\n/);
		expect(stdout).toMatch(/^ {2}reframe +\[video\]$/m);
		expect(stdout).toMatch(/base64/);
	});

	it('answers what it cannot use with one line', () => {
		const { status, stderr } = demo('nowhere.png');
		expect([status, stderr]).toEqual([
			1,
			expect.stringMatching(/^Demo failed: No such file: .*nowhere\.png\n$/),
		]);
	});
});
