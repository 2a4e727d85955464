/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.json;

import dev.traversion.archive.TraversionException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * Small JSON files that carry a checksum of themselves, so that a bit that turned is not read as another answer. The member
 * {@value #NAME} holds the CRC-32C, in hex, of the file with zeros in its place. Files without it are older, and are taken as they are.
 */
public final class StampedJson {

    /** The member's name. */
    public static final String NAME = "traversion.checksum";

    private static final String ZEROS = "00000000";
    private static final int MOST_TURNED = 4;
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
            if (hasNearly(json)) {
                throw new TraversionException(
                        name
                                + " is damaged: the name of its checksum is not what was written. Restore it from a copy of the recording.");
            }
            return file;
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

    /** Whether the member is there but for a few bytes that turned. */
    private static boolean hasNearly(String json) {
        for (int start = 0; start + MARK.length() <= json.length(); start++) {
            int different = 0;
            for (int i = 0; i < MARK.length() && different <= MOST_TURNED; i++) {
                different += json.charAt(start + i) == MARK.charAt(i) ? 0 : 1;
            }
            if (different <= MOST_TURNED) {
                return true;
            }
        }
        return false;
    }
}
