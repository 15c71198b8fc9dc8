import { nameFile } from '../../../nodes/LtxVideo/media/fileName';

it.each([
	['summer-sale', 'summer-sale.mp4'],
	[' summer sale\n', 'summer sale.mp4'],
	['clip.mp4', 'clip.mp4'],
	['clip.MP4', 'clip.MP4'],
	['clip.mov', 'clip.mov.mp4'],
	['mp4', 'mp4.mp4'],
	['clipxmp4', 'clipxmp4.mp4'],
	['a/b\\c:d*e?f"g<h>i|j', 'a_b_c_d_e_f_g_h_i_j.mp4'],
	['../../etc/passwd', '.._.._etc_passwd.mp4'],
	['a\0b\nc\u007fd\u0085e\u2028f', 'a_b_c_d_e_f.mp4'],
	['a\ud800b\udc00', 'a_b_.mp4'],
	['Größe 🎬', 'Größe 🎬.mp4'],
	['x'.repeat(300), `${'x'.repeat(240)}.mp4`],
	[`${'x'.repeat(300)}.mp4`, `${'x'.repeat(240)}.mp4`],
	['ü'.repeat(300), `${'ü'.repeat(120)}.mp4`],
	['🎬'.repeat(300), `${'🎬'.repeat(60)}.mp4`],
	[`x${'🎬'.repeat(60)}`, `x${'🎬'.repeat(59)}.mp4`],
])('%j is the file name %j', (wanted, name) => {
	expect(nameFile(wanted, 'mp4')).toBe(name);
	expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
});

it.each([
	['logo', '-video', 'logo-video.mp4'],
	['logo.mp4', '-video', 'logo-video.mp4'],
	['logo', '-a/b', 'logo-a_b.mp4'],
	['x'.repeat(300), '-video', `${'x'.repeat(234)}-video.mp4`],
	['x', `-${'y'.repeat(300)}`, `-${'y'.repeat(300)}.mp4`],
])('%j with the label %j is the file name %j', (wanted, label, name) => {
	expect(nameFile(wanted, 'mp4', label)).toBe(name);
});

it('adds the extension that the file has', () => {
	expect(nameFile('frames.mp4', 'zip')).toBe('frames.mp4.zip');
	expect(nameFile('frames.zip', 'zip')).toBe('frames.zip');
});
