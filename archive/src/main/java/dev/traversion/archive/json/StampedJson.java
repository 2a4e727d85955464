/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.json;

import dev.traversion.archive.TraversionException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Small JSON files that carry a checksum of themselves, so that a bit that turned is not read as another answer. The member
 * {@value #NAME} holds the CRC-32C, in hex, of the file with zeros in its place. A file without it is damaged: the bit may have turned
 * in the member's name.
 */
public final class StampedJson {

    /** The member's name. */
    public static final String NAME = "traversion.checksum";

    private static final String ZEROS = "00000000";
    private static final String MARK = "\"" + NAME + "\":\"";

    private StampedJson() {}

    /** A JSON object, with compact members, as the bytes of a file. Where it has the member its value is replaced, else it comes first. */
    public static byte[] stamp(String json) {
        int at = json.indexOf(MARK);
        String zeroed = at < 0 ? "{" + MARK + ZEROS + "\"," + json.substring(1) : zeroed(json, at + MARK.length());
        int value = zeroed.indexOf(MARK) + MARK.length();
        String stamped = zeroed.substring(0, value) + checksum(zeroed) + zeroed.substring(value + ZEROS.length());
        return stamped.getBytes(StandardCharsets.UTF_8);
    }

    private static String zeroed(String json, int value) {
        int end = json.indexOf('"', value);
        return json.substring(0, value) + ZEROS + json.substring(end < 0 ? json.length() : end);
    }

    private static String checksum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format("%08x", crc.getValue());
    }

    /**
     * The same bytes, if they are what was written.
     *
     * @param name of the file, for the message
     * @throws TraversionException if not
     */
    public static byte[] check(byte[] file, String name) {
        // One character a byte, so that bytes which are no text count as well.
        String json = new String(file, StandardCharsets.ISO_8859_1);
        int at = json.indexOf(MARK);
        if (at < 0) {
            throw new TraversionException(
                    name + " is damaged: it has no checksum. Restore it from a copy of the recording.");
        }
        int value = at + MARK.length();
        byte[] zeroed = file.clone();
        for (int i = value; i < value + ZEROS.length() && i < zeroed.length; i++) {
            zeroed[i] = '0';
        }
        CRC32C crc = new CRC32C();
        crc.update(zeroed);
        if (!json.startsWith(String.format("%08x", crc.getValue()), value)) {
            throw new TraversionException(name + " is damaged: its bytes do not give the checksum at byte " + value
                    + ". Restore it from a copy of the recording.");
        }
        return file;
    }
}
