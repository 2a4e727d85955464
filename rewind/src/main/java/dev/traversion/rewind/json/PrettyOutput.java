/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.json;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Indents compact JSON as it passes, as Go's {@code json.Indent} does with two spaces: what {@code pretty=true} asks for. */
public final class PrettyOutput extends FilterOutputStream {

    private static final byte[] SPACES = " ".repeat(64).getBytes(StandardCharsets.US_ASCII);

    private int depth;
    private boolean inString;
    private boolean escaped;
    private boolean opened;

    public PrettyOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int runStart = offset;
        for (int i = offset; i < offset + length; i++) {
            byte b = bytes[i];
            if (inString && !escaped && b != '"' && b != '\\') {
                continue;
            }
            out.write(bytes, runStart, i - runStart);
            runStart = i + 1;
            write(b);
        }
        out.write(bytes, runStart, offset + length - runStart);
    }

    @Override
    public void write(int b) throws IOException {
        if (inString) {
            out.write(b);
            if (escaped) {
                escaped = false;
            } else if (b == '\\') {
                escaped = true;
            } else if (b == '"') {
                inString = false;
            }
            return;
        }
        if (opened && b != '}' && b != ']') {
            depth++;
            newLine();
        }
        switch (b) {
            case '{', '[' -> {
                out.write(b);
                opened = true;
                return;
            }
            case '}', ']' -> {
                if (!opened) {
                    depth--;
                    newLine();
                }
                out.write(b);
            }
            case ',' -> {
                out.write(b);
                newLine();
            }
            case ':' -> {
                out.write(b);
                out.write(' ');
            }
            case '"' -> {
                inString = true;
                out.write(b);
            }
            case '\n' -> {
                // The line break after a document: the API server sends none after an indented one.
                return;
            }
            default -> out.write(b);
        }
        opened = false;
    }

    private void newLine() throws IOException {
        out.write('\n');
        int spaces = depth * 2;
        while (spaces > 0) {
            int count = Math.min(spaces, SPACES.length);
            out.write(SPACES, 0, count);
            spaces -= count;
        }
    }
}
