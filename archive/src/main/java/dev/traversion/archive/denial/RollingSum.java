/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.denial;

/** A sum of the bytes of a window, which moves on by one byte at little cost. For one thread. */
final class RollingSum {

    private static final int BASE = 0x01000193;
    private static final int MIX = 0x9E3779B1;
    private static final int SHIFT = 16;

    private final int highest;
    private int sum;

    /** @param length of the window, in bytes */
    RollingSum(int length) {
        int power = 1;
        for (int i = 1; i < length; i++) {
            power *= BASE;
        }
        this.highest = power;
    }

    /** Of 16 bits. */
    static int of(byte[] bytes) {
        RollingSum rolling = new RollingSum(bytes.length);
        for (byte each : bytes) {
            rolling.add(each);
        }
        return rolling.value();
    }

    void add(byte in) {
        sum = sum * BASE + in;
    }

    void remove(byte out) {
        sum -= out * highest;
    }

    int value() {
        return (sum * MIX) >>> SHIFT;
    }
}
