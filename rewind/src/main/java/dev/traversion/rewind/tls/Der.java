/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.rewind.tls;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/** The few elements of DER that certificates are made of. */
final class Der {

    private static final int SEQUENCE = 0x30;
    private static final DateTimeFormatter GENERALIZED_TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return element(SEQUENCE, parts);
    }

    static byte[] utf8(String text) {
        return element(0x0C, text.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] time(Instant instant) {
        return element(0x18, GENERALIZED_TIME.format(instant).getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] bitString(byte[] bits) {
        return element(0x03, new byte[] {0}, bits);
    }

    static byte[] oid(int... bytes) {
        byte[] encoded = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            encoded[i] = (byte) bytes[i];
        }
        return element(0x06, encoded);
    }

    static byte[] element(int tag, byte[]... parts) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length >= 0x100) {
            out.write(0x82);
            out.write(length >> 8);
        } else if (length >= 0x80) {
            out.write(0x81);
        }
        out.write(length);
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    /**
     * The elements of which a sequence consists, each with its tag and length.
     *
     * @throws IllegalArgumentException if it is no sequence
     */
    static byte[][] elements(byte[] sequence) {
        if (sequence.length < 2 || sequence[0] != SEQUENCE || end(sequence, 0) != sequence.length) {
            throw new IllegalArgumentException("there is no DER sequence");
        }
        byte[][] found = new byte[0][];
        int at = header(sequence, 0);
        while (at < sequence.length) {
            int end = end(sequence, at);
            found = Arrays.copyOf(found, found.length + 1);
            found[found.length - 1] = Arrays.copyOfRange(sequence, at, end);
            at = end;
        }
        return found;
    }

    private static int header(byte[] bytes, int at) {
        int first = bytes[at + 1] & 0xFF;
        return at + 2 + (first < 0x80 ? 0 : first - 0x80);
    }

    private static int end(byte[] bytes, int at) {
        if (at + 2 > bytes.length || header(bytes, at) > bytes.length) {
            throw new IllegalArgumentException("a DER element is cut off");
        }
        int body = header(bytes, at);
        long length = bytes[at + 1] & 0xFF;
        if (length >= 0x80) {
            length = 0;
            for (int i = at + 2; i < body; i++) {
                length = (length << 8) | (bytes[i] & 0xFF);
            }
        }
        if (body - at > 6 || length < 0 || length > bytes.length - body) {
            throw new IllegalArgumentException("a DER element is longer than what holds it");
        }
        return body + (int) length;
    }
}
