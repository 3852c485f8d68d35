/** A QR code for a terminal. */

/** Half-block characters, dark on light, with a quiet zone of two. */
export async function qrCode(text: string): Promise<string> {
  const { renderUnicodeCompact } = await import('uqr');
  return renderUnicodeCompact(text, { border: 2 });
}
