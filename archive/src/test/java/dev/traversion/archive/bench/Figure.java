/* SPDX-License-Identifier: Apache-2.0 */
package dev.traversion.archive.bench;

import java.util.Locale;

/** Prints measurements, one a line: {@code name value unit target ratio}; the ratio is value / target. */
public final class Figure {

    private Figure() {}

    /** A figure with a target that should not be exceeded. */
    public static void atMost(String name, double value, String unit, double target) {
        print(name, value, unit, "<=" + number(target), value / target);
    }

    /** A figure with a target that should be reached. */
    public static void atLeast(String name, double value, String unit, double target) {
        print(name, value, unit, ">=" + number(target), value / target);
    }

    /** A figure without a target. */
    public static void plain(String name, double value, String unit) {
        System.out.printf(Locale.ROOT, "%-44s %12s %-16s %10s %8s%n", name, number(value), unit, "-", "-");
    }

    private static void print(String name, double value, String unit, String target, double ratio) {
        System.out.printf(Locale.ROOT, "%-44s %12s %-16s %10s %8s%n", name, number(value), unit, target, number(ratio));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 1000 ? "%.0f" : value >= 10 ? "%.1f" : "%.3f", value);
    }
}
