/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.daemonset.event;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.traversion.archive.landing.RowBlock;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/** Reads the fields of one event after the other, in place. For one thread. */
final class EventData {

    private static final int IPV4 = 2;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private final byte[] text = new byte[Layouts.PATH_BYTES];
    private MemorySegment segment = MemorySegment.NULL;
    private long offset;
    private int textLength;

    void at(MemorySegment segment, long offset) {
        this.segment = segment;
        this.offset = offset;
    }

    int byteAt(int field) {
        return segment.get(JAVA_BYTE, offset + field) & 0xFF;
    }

    int shortAt(int field) {
        return segment.get(JAVA_SHORT_UNALIGNED, offset + field) & 0xFFFF;
    }

    int intAt(int field) {
        return segment.get(JAVA_INT_UNALIGNED, offset + field);
    }

    long longAt(int field) {
        return segment.get(JAVA_LONG_UNALIGNED, offset + field);
    }

    /** A text that ends with a zero, or with its field. */
    String text(int field, int most) {
        return new String(text, 0, read(field, most), StandardCharsets.UTF_8);
    }

    /** How many bytes the last text had. */
    int textLength() {
        return textLength;
    }

    /** Sets a column to such a text. */
    void copy(RowBlock row, int column, int field, int most) {
        row.set(column, text, 0, read(field, most));
    }

    private int read(int field, int most) {
        MemorySegment.copy(segment, JAVA_BYTE, offset + field, text, 0, most);
        int length = 0;
        while (length < most && text[length] != 0) {
            length++;
        }
        textLength = length;
        return length;
    }

    /** Sets a column to an address in words: {@code 10.1.0.7}, or eight groups of hexadecimal digits, and those of IPv4 in IPv6 as IPv4. */
    void address(RowBlock row, int column, int family, int field) {
        int length = 0;
        if (family == IPV4) {
            length = quad(field);
        } else if (longAt(field) == 0 && intAt(field + 8) == 0xFFFF0000) {
            length = quad(field + 12);
        } else {
            for (int i = 0; i < 16; i += 2) {
                if (i > 0) {
                    text[length++] = ':';
                }
                int group = byteAt(field + i) << 8 | byteAt(field + i + 1);
                boolean begun = false;
                for (int shift = 12; shift >= 0; shift -= 4) {
                    int digit = group >> shift & 15;
                    begun |= digit != 0 || shift == 0;
                    if (begun) {
                        text[length++] = HEX[digit];
                    }
                }
            }
        }
        row.set(column, text, 0, length);
    }

    private int quad(int field) {
        int length = 0;
        for (int i = 0; i < 4; i++) {
            if (i > 0) {
                text[length++] = '.';
            }
            int part = byteAt(field + i);
            if (part >= 100) {
                text[length++] = (byte) ('0' + part / 100);
            }
            if (part >= 10) {
                text[length++] = (byte) ('0' + part / 10 % 10);
            }
            text[length++] = (byte) ('0' + part % 10);
        }
        return length;
    }
}
